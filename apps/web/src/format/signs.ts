import { i18n } from "@lingui/core";

/**
 * How numbers are written in the language of the page. Where a comma stands before decimals, thousands are kept apart by a narrow
 * space and never by a point: 1.234 would be read as another number by whoever comes from an English page.
 */
export type Signs = { group: string; decimal: "." | "," };

const POINT: Signs = { group: ",", decimal: "." };
const COMMA: Signs = { group: "\u202F", decimal: "," };

export const signs = (): Signs => (i18n.locale === "de" || i18n.locale === "es" ? COMMA : POINT);

/** For dates and short figures of the browser's own making. English is Britain's, whose days come before months. */
export const localeTag = (): string => (i18n.locale === "" || i18n.locale === "en" ? "en-GB" : i18n.locale);

/** Thousands of a whole number's digits apart. */
export const apart = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+(?!\d))/g, signs().group);

/** `12,345`: a count, exact. */
export const formatCount = (value: number | bigint): string =>
  `${value < 0 ? "−" : ""}${apart(String(value < 0 ? -value : value))}`;

/** `1.2K`, for axes: rounded, never for amounts that somebody signs. */
export const formatShort = (value: number): string =>
  new Intl.NumberFormat(localeTag(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
