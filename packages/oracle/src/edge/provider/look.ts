import type { Hex } from "@sooth/kernel";
import { counter } from "@sooth/runtime";
import { lateFrom, longestWindow, TOO_EARLY } from "../../core/index.ts";
import type { KnownQuestion } from "./chain-view.ts";
import { type Observation, observe, observeVector } from "./observe.ts";
import type { Reporter } from "./report-question.ts";
import type { Sight } from "./sights.ts";

const drops = counter("oracle_provider_drops_total", "Sources' readings that a provider did not count");

/** What was read, and the chain time at which it was begun. */
export type Look = Observation & { at: number };

/** Reads a question as a signer does, and tells what did not count. */
export async function look(
  question: KnownQuestion,
  { view, reading, log }: Pick<Reporter, "view" | "reading" | "log">,
): Promise<Look> {
  const { id, schema, terms, clarifications } = question;
  const read = schema.items ? observeVector : observe;
  const at = view.now;
  const asked = { question: id, schema, clarifications: clarifications.map(({ text }) => text) };
  const seen = await read(asked, terms, at, reading, at >= lateFrom(terms));
  // A source that has nothing yet is asked again: only without it, or late, is its silence worth a word of warning.
  const again = seen.finding.do === "abstain" && at < lateFrom(terms);
  for (const [source, why] of seen.finding.dropped) {
    drops.inc();
    log[again ? "info" : "warn"]({ question: question.id, source, why }, "source dropped");
  }
  return { ...seen, at };
}

/** What was kept, as it was found. */
export const sightOf = ({ value, values, reason, sources, at }: Sight): Look => ({
  at,
  sources,
  finding: {
    do: "sign",
    value: BigInt(value),
    reason,
    dropped: new Map(),
    ...(values !== undefined && { values: values.map(BigInt) }),
  },
});

/**
 * Keeps what was seen of a round, unless it is that it was too early: others may have seen more a second later, and that is
 * nothing to hold against them.
 */
export async function keepSight(
  { sights }: Pick<Reporter, "sights">,
  { id, terms }: KnownQuestion,
  when: { round: number; clarified: Hex | null; at: number },
  { finding, sources }: Observation,
): Promise<boolean> {
  if (finding.do === "abstain" || finding.value === TOO_EARLY) return false;
  await sights.keep({
    question: id,
    ...when,
    value: String(finding.value),
    ...(finding.values && { values: finding.values.map(String) }),
    reason: finding.reason,
    sources,
    askAt: terms.deadline + longestWindow(terms.liveness),
    reward: String(terms.reward),
  });
  return true;
}
