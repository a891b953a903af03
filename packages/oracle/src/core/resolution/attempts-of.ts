import { ATTEMPT_KINDS, type Attempt, type RoundSeen, type Story } from "./attempt.ts";
import { invalid, juries, rereported, secondary, unheard } from "./fallbacks.ts";
import { phases } from "./phases.ts";
import { stateOf } from "./record-state.ts";
import { assigned, extended, observed, reported } from "./rounds.ts";

/** The round from its first report on, where one was taken before it opened. */
function withEarly({ terms, reports, answer }: Story, span: RoundSeen): RoundSeen {
  if (!terms.endsEarly) return span;
  const { round, from } = span;
  const first = Math.min(
    ...reports.filter((report) => report.round === round).map(({ receivedAt }) => receivedAt),
    answer?.round === round && answer.transaction !== null ? answer.at : from,
  );
  return first < from ? { ...span, from: first, opensAt: from } : span;
}

const rank = ({ kind }: Attempt): number => ATTEMPT_KINDS.indexOf(kind);

/**
 * All that was tried to get an answer, oldest first. A function of logs, of what providers signed, of what this server
 * wrote down, and of the clock: worked out anew from the same it is the same.
 */
export function attemptsOf(story: Story): Attempt[] {
  // Before it opens nothing is due; but what may end early can be answered by then.
  const begun = story.rounds.map((span) => withEarly(story, span)).filter(({ from }) => from <= story.now);
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
      ...phases(held, span),
      ...reported(held, span),
      ...extended(held, span),
    ]),
    ...secondary(held),
    ...unheard(held),
    ...staked,
    ...story.disputes.flatMap((dispute) => [...rereported(dispute), ...juries(dispute)]),
  ].toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
  return [...tried, ...invalid(held, tried)];
}
