import { t } from "@lingui/core/macro";
import { localeTag } from "./signs.ts";

const UNITS = [
  { seconds: 86_400, one: "d" },
  { seconds: 3_600, one: "h" },
  { seconds: 60, one: "min" },
  { seconds: 1, one: "s" },
] as const;

/** `2 d 4 h`, `12 min 30 s`, `8 s`: the two largest units that are not zero. Seconds of the chain's clock. */
export function formatDuration(seconds: number): string {
  let left = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(left / unit.seconds);
    left -= count * unit.seconds;
    if (count > 0) parts.push(`${count} ${unit.one}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** One unit only: `in 3 h`, `5 min ago`, `now`. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(at - now);
  if (distance < 2) return t`now`;
  const unit = UNITS.find((unit) => distance >= unit.seconds) ?? UNITS[3];
  const text = `${Math.floor(distance / unit.seconds)} ${unit.one}`;
  return at > now ? t`in ${text}` : t`${text} ago`;
}

const PARTS = {
  absolute: {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  },
  moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  date: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once for each language: to make one takes longer than to use it. */
function written(at: number, parts: keyof typeof PARTS, locale = localeTag()): string {
  const key = `${locale} ${parts}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...PARTS[parts], timeZone: "UTC" });
    formats.set(key, format);
  }
  return format.format(at * 1000);
}

/** `12 May 2025, 14:00:00 UTC`: chains have no time zone. */
export const formatAbsolute = (at: number): string => `${written(at, "absolute")} UTC`;
/** The same in English whatever the page speaks: for texts that are signed, and read by everybody. */
export const absoluteInEnglish = (at: number): string => `${written(at, "absolute", "en-GB")} UTC`;
/** `12 May 2025` */
export const formatDate = (at: number): string => written(at, "date");
/** `May 2025` */
export const formatMonth = (at: number): string => written(at, "month");
/** `12 May, 14:00 UTC` */
export const formatMoment = (at: number): string => `${written(at, "moment")} UTC`;
export const isoOf = (at: number): string => new Date(at * 1000).toISOString();

/** Value of an `<input type="datetime-local">` in UTC, and back. */
export const toInputTime = (at: number): string => new Date(at * 1000).toISOString().slice(0, 19);
export function fromInputTime(text: string): number | undefined {
  const milliseconds = Date.parse(`${text}Z`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
