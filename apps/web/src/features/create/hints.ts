import type { Draft } from "./draft.ts";

const VAGUE =
  /\b(soon|big|huge|significant(?:ly)?|major|popular|successful|likely|around|about(?=\s+(?:[\d$€£]|half|an?\b|noon|midnight))|roughly|best|good|bad|many|few|widely|recently)\b/i;
const TIME =
  /\b(20\d\d|\d{1,2}:\d\d|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i;

/** An "or" that belongs to a bound joins no two conditions. */
const BOUND =
  /\b(?:at or (?:above|below|over|under|before|after|beyond)|on or (?:before|after)|(?:greater|more|less|fewer|larger|higher|lower|smaller) than or equal to|equal to or (?:above|below|(?:greater|more|less|fewer|larger|higher|lower|smaller) than)|or (?:more|less|fewer|above|below|higher|lower|later|earlier|over|under|better|worse|greater|smaller|equal))\b/gi;

/** Where two honest readers could disagree about the answer. Advice, not rules: nothing here stops anybody. */
export function hintsFor(draft: Draft): string[] {
  const text = draft.text.trim();
  if (text.length < 8) return [];
  const hints: string[] = [];
  const vague = VAGUE.exec(text)?.[0];
  if (vague !== undefined)
    hints.push(`“${vague}” means different things to different people. A number or a name would not.`);
  if (!TIME.test(text))
    hints.push("The question does not say when. Put the date, the hour and the time zone into it.");
  if (!text.endsWith("?")) hints.push("This reads like a statement. Ask it as a question.");
  if (/\b(and|or)\b/i.test(text.replace(BOUND, "")) && draft.kind === "bool")
    hints.push("There is an “and” or “or” in it. Say what holds when only one half is true.");
  const threshold = draft.threshold.trim().replaceAll(",", "");
  if (
    draft.kind === "bool" &&
    draft.sources.length > 0 &&
    threshold !== "" &&
    !text.replaceAll(",", "").includes(threshold)
  )
    hints.push(`The number that decides, ${draft.threshold.trim()}, does not stand in the question.`);
  if (draft.kind === "numeric" && draft.unit.trim() === "")
    hints.push("Name the unit that the number is in.");
  hints.push(...sourceHints(draft));
  return hints;
}

function sourceHints({ sources, unit, kind }: Draft): string[] {
  const hints: string[] = [];
  if (sources.length === 0)
    hints.push("Without a source programs abstain, and people have to report by hand.");
  if (sources.length > 0 && sources.length < 3)
    hints.push("One source can be down and another can be wrong: with three the middle one still stands.");
  const hosts = sources.map(({ url }) => (URL.canParse(url) ? new URL(url).host : url));
  if (new Set(hosts).size < hosts.length)
    hints.push("Two sources live on the same host; they will fail together.");
  const units = new Set(
    sources.map((source) => source.unit.trim().toUpperCase()).filter((unit) => unit !== ""),
  );
  if (units.size > 1)
    hints.push(`The sources speak of ${[...units].join(" and ")}; the middle of them would mean nothing.`);
  else if (
    kind === "numeric" &&
    units.size === 1 &&
    unit.trim() !== "" &&
    !units.has(unit.trim().toUpperCase())
  )
    hints.push(`The answer is in ${unit.trim()}, the sources are in ${[...units].join("")}.`);
  return hints;
}
