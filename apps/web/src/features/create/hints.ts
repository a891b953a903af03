import { t } from "@lingui/core/macro";
import { askedOf, type Draft, formOf } from "./draft.ts";

const VAGUE =
  /\b(soon|big|huge|significant(?:ly)?|major|popular|successful|likely|around|about(?=\s+(?:[\d$€£]|half|an?\b|noon|midnight))|roughly|best|good|bad|many|few|widely|recently)\b/i;
const TIME =
  /\b(20\d\d|\d{1,2}:\d\d|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i;

/** Where two honest readers could disagree about the answer. Advice, not rules: nothing here stops anybody. */
export function hintsFor(draft: Draft): string[] {
  const text = draft.text.trim();
  if (text.length < 8) return [];
  const hints: string[] = [];
  const vague = VAGUE.exec(text)?.[0];
  if (vague !== undefined)
    hints.push(t`“${vague}” means different things to different people. A number or a name would not.`);
  if (!TIME.test(text))
    hints.push(t`The question does not say when. Put the date, the hour and the time zone into it.`);
  if (!text.endsWith("?")) hints.push(t`This reads like a statement. Ask it as a question.`);
  hints.push(...(formOf(draft).advice?.(text, draft.typed, askedOf(draft)) ?? []));
  hints.push(...sourceHints(draft));
  return hints;
}

function sourceHints(draft: Draft): string[] {
  const { sources } = draft;
  // A kind that names no unit of its own takes the sources'.
  const { unit } = formOf(draft).read(draft.typed, askedOf(draft)).part;
  const hints: string[] = [];
  if (sources.length === 0)
    hints.push(
      t`Without a source programs abstain: it ends without an answer unless providers report with tools of their own.`,
    );
  if (sources.length > 0 && sources.length < 3)
    hints.push(t`One source can be down and another can be wrong: with three the middle one still stands.`);
  const hosts = sources.map(({ url }) => (URL.canParse(url) ? new URL(url).host : url));
  if (new Set(hosts).size < hosts.length)
    hints.push(t`Two sources live on the same host; they will fail together.`);
  const units = new Set(
    sources.map((source) => source.unit.trim().toUpperCase()).filter((unit) => unit !== ""),
  );
  if (units.size > 1)
    hints.push(t`The sources speak of ${[...units].join(" and ")}; the middle of them would mean nothing.`);
  else if (units.size === 1 && unit.trim() !== "" && !units.has(unit.trim().toUpperCase()))
    hints.push(t`The answer is in ${unit.trim()}, the sources are in ${[...units].join("")}.`);
  return hints;
}
