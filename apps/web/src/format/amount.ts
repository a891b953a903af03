import { defineErrors } from "@sooth/kernel";

export const FormatError = defineErrors("amount", {
  empty: { status: 400, text: () => "Enter an amount." },
  not_a_number: { status: 400, text: (d: { text: string }) => `“${d.text}” is not an amount.` },
  comma: {
    status: 400,
    text: (d: { text: string; meant: string }) =>
      `Decimals stand after a point: write ${d.meant} for “${d.text}”.`,
  },
  too_precise: {
    status: 400,
    text: (d: { decimals: number }) =>
      d.decimals === 0 ? "Whole numbers only." : `At most ${d.decimals} digits after the point.`,
  },
});

/** An amount cut into what is read first and what is only there to be exact: 41.237512 → 41.23 and 7512. */
export type AmountParts = { negative: boolean; whole: string; cents: string; rest: string };

/** Exact, whatever the size: no float is involved. `decimals` of the smallest unit. */
export function amountParts(value: bigint, decimals: number): AmountParts {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? "" : digits.slice(-decimals);
  return {
    negative: value < 0n,
    whole: whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ","),
    cents: fraction.slice(0, 2),
    rest: fraction.slice(2).replace(/0+$/, ""),
  };
}

/** `1,234.50`, `41.237512`: at least two digits after the point, all that are needed to be exact. */
export function formatAmount(value: bigint, decimals: number): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = cents === "" ? "" : `.${cents}${rest}`;
  return `${negative ? "−" : ""}${whole}${fraction}`;
}

/** `1234.5`, exact and without marks between thousands: for programs, and for fields that somebody goes on typing into. */
export function plainAmount(value: bigint, decimals: number): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = `${cents}${rest}`.replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole.replaceAll(",", "")}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Commas are for thousands alone: `1,5` and `0,500` may well mean one and a half, and a half, and must not become more. */
const WITH_THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const WITH_COMMA = /^\d*,\d+$/;

/** Reads `1,234.5` as smallest units. @throws amount.empty, amount.comma, amount.not_a_number, amount.too_precise */
export function parseAmount(text: string, decimals: number): bigint {
  const typed = text.trim().replaceAll(" ", "");
  if (typed === "") throw FormatError.empty({});
  if (WITH_COMMA.test(typed) && !WITH_THOUSANDS.test(typed))
    throw FormatError.comma({ text: typed.slice(0, 40), meant: typed.replace(",", ".").slice(0, 40) });
  const clean = WITH_THOUSANDS.test(typed) ? typed.replaceAll(",", "") : typed;
  const found = /^(\d*)(?:\.(\d*))?$/.exec(clean);
  if (!found || clean === ".") throw FormatError.not_a_number({ text: text.trim().slice(0, 40) });
  const fraction = (found[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) throw FormatError.too_precise({ decimals });
  return BigInt(`${found[1] === "" ? "0" : found[1]}${fraction.padEnd(decimals, "0")}`);
}

/** A signed fixed-point number such as an answer or a bracket's edge: 231550000000 with 8 decimals is 2,315.5. */
export function formatFixed(value: bigint, decimals: number, unit = ""): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = `${cents}${rest}`.replace(/0+$/, "");
  return `${negative ? "−" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}${unit === "" ? "" : ` ${unit}`}`;
}

/** A decimal number as somebody typed it, its thousands apart: `2400.5` → `2,400.5`. */
export const grouped = (text: string): string =>
  text.replace(
    /^(-?)(\d+)/,
    (_, sign: string, whole: string) =>
      `${sign === "" ? "" : "−"}${whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",")}`,
  );

/** The reverse of `formatFixed` for one typed number, sign included. @throws as parseAmount */
export function parseFixed(text: string, decimals: number): bigint {
  const trimmed = text.trim();
  const negative = /^[-−]/.test(trimmed);
  const value = parseAmount(negative ? trimmed.slice(1) : trimmed, decimals);
  return negative ? -value : value;
}

/** 6123 basis points → `61.2%`; rounded to the nearest tenth, halves up. */
export function formatShare(bps: number): string {
  const tenths = Math.floor((bps + 5) / 10);
  return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
}

/** 16345 basis points of a stake → `1.63×`, rounded down: never promises more than is paid. */
export function formatMultiple(bps: number): string {
  const hundredths = Math.floor(bps / 100);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}×`;
}

/** 250 → `2.5%`, 100 → `1%`. */
export function formatPercent(bps: number): string {
  const [whole, fraction] = [Math.floor(bps / 100), bps % 100];
  return `${whole}${fraction === 0 ? "" : `.${String(fraction).padStart(2, "0").replace(/0$/, "")}`}%`;
}
