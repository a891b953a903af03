import { ATTEMPT_KINDS, type Attempt, type Story } from "./attempt.ts";
import { invalid, juries, rereported, secondary } from "./fallbacks.ts";
import { stateOf } from "./record-state.ts";
import { assigned, extended, observed, reported } from "./rounds.ts";

const rank = ({ kind }: Attempt): number => ATTEMPT_KINDS.indexOf(kind);

/**
 * All that was tried to get an answer, oldest first. A function of logs, of what providers signed, of what this server
 * wrote down, and of the clock: worked out anew from the same it is the same.
 */
export function attemptsOf(story: Story): Attempt[] {
  // Before it opens nothing is due.
  const begun = story.rounds.filter(({ from }) => from <= story.now);
  if (begun.length === 0) return [];
  const held = { ...story, rounds: begun };
  const staked = story.records
    .filter(({ kind }) => kind === "jury")
    .map(({ block, ...record }): Attempt => ({
      ...record,
      state: stateOf(story, { ...record, block }),
      restsOn: { what: "block", ref: String(block) },
    }));
  const tried = [
    ...begun.flatMap((span) => [
      ...assigned(held, span),
      ...observed(held, span),
      ...reported(held, span),
      ...extended(held, span),
    ]),
    ...secondary(held),
    ...staked,
    ...story.disputes.flatMap((dispute) => [...rereported(dispute), ...juries(dispute)]),
  ].toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
  return [...tried, ...invalid(held, tried)];
}
