import { OracleError } from "./errors.ts";

const PLACEHOLDER = /\{([^{}]*)\}/g;
const NAMED = /^(observeAt|observeAtMs|observeAtIso|observeDate)(?:([+-])(\d{1,9}))?$/;
const DAY = 86_400;
/** The year 9999; later dates have no ISO form of four digits. */
const LAST_SECOND = 253_402_300_799;

const FORMS: Record<string, (at: number) => string> = {
  observeAt: (at) => String(at),
  observeAtMs: (at) => String(at * 1000),
  observeAtIso: (at) => new Date(at * 1000).toISOString().replace(".000Z", "Z"),
  observeDate: (at) => new Date(at * 1000).toISOString().slice(0, 10),
};

/**
 * A source's url for the moment `observeAt` (unix seconds). `{observeAt}` is that moment in seconds, `{observeAtMs}` in
 * milliseconds, `{observeAtIso}` as `2026-11-21T00:00:00Z`, `{observeDate}` as `2026-11-21`, all UTC; `{observeAt-86400}`
 * is a day before it, and so for each of them. @throws oracle.bad_template
 */
export function fillUrl(template: string, observeAt: number): URL {
  const bad = (what: string) => OracleError.bad_template({ url: template.slice(0, 200), what });
  const filled = template.replace(PLACEHOLDER, (_, name: string) => {
    const found = NAMED.exec(name);
    const form = FORMS[found?.[1] ?? ""];
    if (!found || !form) throw bad(`{${name}} is not known`);
    const moment = observeAt + Number(`${found[2] ?? ""}${found[3] ?? 0}`);
    if (moment < 0 || moment > LAST_SECOND) throw bad(`{${name}} lies outside the calendar`);
    return form(moment);
  });
  const url = URL.canParse(filled) ? new URL(filled) : null;
  if (!url) throw bad("it is no url");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw bad("only http and https are read");
  if (url.username !== "" || url.password !== "") throw bad("it carries a password");
  // Whatever fills the template, the host was written by the asker as it stands.
  if (template.slice(0, template.indexOf("/", 8)).includes("{")) throw bad("the host holds a placeholder");
  return url;
}

/**
 * Whether the words of a template name what is over at `by` (unix seconds), and nothing else: at least one moment, and none
 * that lies later. A date is over when its day is. A server may still ignore what it is told.
 */
export function namesThePast(template: string, observeAt: number, by: number): boolean {
  const named = [...template.matchAll(PLACEHOLDER)]
    .map(([, name]) => NAMED.exec(name ?? ""))
    .filter((found) => found !== null);
  const ends = named.map(([, form, sign, offset]) => {
    const moment = observeAt + Number(`${sign ?? ""}${offset ?? 0}`);
    return form === "observeDate" ? (Math.floor(moment / DAY) + 1) * DAY : moment;
  });
  return ends.length > 0 && ends.every((end) => end <= by);
}
