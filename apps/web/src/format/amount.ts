import { apart, signs } from "./signs.ts";
import { t } from "@lingui/core/macro";
import { defineErrors } from "@sooth/kernel";

export const FormatError = defineErrors("amount", {
  empty: { status: 400, text: () => t`Enter an amount.` },
  not_a_number: { status: 400, text: (d: { text: string }) => t`“${d.text}” is not an amount.` },
  comma: {
    status: 400,
    text: (d: { text: string; meant: string }) =>
      t`Decimals stand after a point: write ${d.meant} for “${d.text}”.`,
  },
  point: {
    status: 400,
    text: (d: { text: string; whole: string; fraction: string }) =>
      t`“${d.text}” may mean two amounts: write ${d.whole} or ${d.fraction}.`,
  },
  too_precise: {
    status: 400,
    text: (d: { decimals: number }) =>
      d.decimals === 0 ? t`Whole numbers only.` : t`At most ${d.decimals} digits after the point.`,
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
    whole: apart(whole),
    cents: fraction.slice(0, 2),
    rest: fraction.slice(2).replace(/0+$/, ""),
  };
}

/** `1,234.50`, `41.237512`: at least two digits after the point, all that are needed to be exact. */
export function formatAmount(value: bigint, decimals: number): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = cents === "" ? "" : `${signs().decimal}${cents}${rest}`;
  return `${negative ? "−" : ""}${whole}${fraction}`;
}

/** `1234.5`, exact, without marks between thousands and the same in every language: for programs. */
export function plainAmount(value: bigint, decimals: number): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = `${cents}${rest}`.replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole.replaceAll(/\D/g, "")}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The same for fields that somebody goes on typing into, as `parseAmount` reads it there. */
export const typedAmount = (value: bigint, decimals: number): string =>
  plainAmount(value, decimals).replace(".", signs().decimal);

/** Commas are for thousands alone: `1,5` and `0,500` may well mean one and a half, and a half, and must not become more. */
const WITH_THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const WITH_COMMA = /^\d*,\d+$/;

/** Where decimals stand after a comma: `1.234` may be more than a thousand there, or a little more than one on any other page. */
const WITH_POINTS = /^[1-9]\d{0,2}(\.\d{3})+$/;
const POINTS_AND_COMMA = /^[1-9]\d{0,2}(\.\d{3})+,\d+$/;

/**
 * Reads `1,234.5` as smallest units, or `1.234,5` where the page's language writes it so; what could mean two numbers is refused.
 * @throws amount.empty, amount.comma, amount.point, amount.not_a_number, amount.too_precise
 */
export function parseAmount(text: string, decimals: number): bigint {
  const typed = text.trim().replaceAll(/[ \u00A0\u202F]/g, "");
  if (typed === "") throw FormatError.empty({});
  const clean = signs().decimal === "," ? pointOfComma(typed) : pointOnly(typed);
  const found = /^(\d*)(?:\.(\d*))?$/.exec(clean);
  if (!found || clean === ".") throw FormatError.not_a_number({ text: text.trim().slice(0, 40) });
  const fraction = (found[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) throw FormatError.too_precise({ decimals });
  return BigInt(`${found[1] === "" ? "0" : found[1]}${fraction.padEnd(decimals, "0")}`);
}

function pointOnly(typed: string): string {
  if (WITH_THOUSANDS.test(typed)) return typed.replaceAll(",", "");
  if (WITH_COMMA.test(typed))
    throw FormatError.comma({ text: typed.slice(0, 40), meant: typed.replace(",", ".").slice(0, 40) });
  return typed;
}

function pointOfComma(typed: string): string {
  if (WITH_POINTS.test(typed))
    throw FormatError.point({
      text: typed.slice(0, 40),
      whole: typed.replaceAll(".", "").slice(0, 40),
      fraction: typed
        .replace(/\.(?=\d{3}$)/, ",")
        .replaceAll(".", "")
        .slice(0, 40),
    });
  if (POINTS_AND_COMMA.test(typed)) return typed.replaceAll(".", "").replace(",", ".");
  return typed.replace(",", ".");
}

/** A signed fixed-point number such as an answer or a bracket's edge: 231550000000 with 8 decimals is 2,315.5. */
export function formatFixed(value: bigint, decimals: number, unit = ""): string {
  const { negative, whole, cents, rest } = amountParts(value, decimals);
  const fraction = `${cents}${rest}`.replace(/0+$/, "");
  return `${negative ? "−" : ""}${whole}${fraction === "" ? "" : `${signs().decimal}${fraction}`}${unit === "" ? "" : ` ${unit}`}`;
}

/** A decimal number as somebody typed it, its thousands apart: `2400.5` → `2,400.5`. */
export const grouped = (text: string): string =>
  text.replace(
    /^(-?)(\d+)(\.?)/,
    (_, sign: string, whole: string, point: string) =>
      `${sign === "" ? "" : "−"}${apart(whole)}${point === "" ? "" : signs().decimal}`,
  );

/** The reverse of `formatFixed` for one typed number, sign included. @throws as parseAmount */
export function parseFixed(text: string, decimals: number): bigint {
  const trimmed = text.trim();
  const negative = /^[-−]/.test(trimmed);
  const value = parseAmount(negative ? trimmed.slice(1) : trimmed, decimals);
  return negative ? -value : value;
}

/** Where the comma stands before decimals, a space stands before the sign. */
const percentSign = (): string => (signs().decimal === "," ? "\u00A0%" : "%");

/** 6123 basis points → `61.2%`; rounded to the nearest tenth, halves up. */
export function formatShare(bps: number): string {
  const tenths = Math.floor((bps + 5) / 10);
  return `${Math.floor(tenths / 10)}${signs().decimal}${tenths % 10}${percentSign()}`;
}

/** -1250 basis points → `−12.5%`; as {formatShare}, with a sign where it is a loss. */
export function formatReturn(bps: number): string {
  // Less than half of a tenth is none, on either side.
  return `${bps <= -5 ? "−" : ""}${formatShare(Math.abs(bps))}`;
}

/** 16345 basis points of a stake → `1.63×`, rounded down: never promises more than is paid. */
export function formatMultiple(bps: number): string {
  const hundredths = Math.floor(bps / 100);
  return `${Math.floor(hundredths / 100)}${signs().decimal}${String(hundredths % 100).padStart(2, "0")}×`;
}

/** 250 → `2.5%`, 100 → `1%`. */
export function formatPercent(bps: number): string {
  const [whole, fraction] = [Math.floor(bps / 100), bps % 100];
  return `${whole}${fraction === 0 ? "" : `${signs().decimal}${String(fraction).padStart(2, "0").replace(/0$/, "")}`}${percentSign()}`;
}
