import type { Measurement } from "./measurement.ts";

const number = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 3 : 1 });

/** Measurements as lines of text, columns aligned. */
export function table(rows: readonly Measurement[]): string {
  const cells = rows.map((row) => [
    row.name,
    number(row.value),
    row.unit,
    row.reference === null ? "" : number(row.reference),
    row.ratio === null ? "" : `${row.ratio.toFixed(2)}×`,
    row.against,
  ]);
  return columns([["measured", "value", "unit", "reference", "ratio", "reference is"], ...cells], [1, 3, 4]);
}

/** Pads columns to their widest cell; those of `right` are aligned to the right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          right.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `--json`: one object, `name: {value, unit, reference, ratio}`. */
export const asJson = (rows: readonly Measurement[]): Record<string, unknown> =>
  Object.fromEntries(
    rows.map(({ name, value, unit, reference, ratio }) => [name, { value, unit, reference, ratio }]),
  );
