import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent } from "../event.ts";

/** A provider that joined. `origin`: the address its stake came from, if the chain shows one. */
export type JoinRow = { provider: string; stake: bigint; origin: string | null; at: UnixSeconds };

const DAY = 86_400;
const LEAST_KEYS = 3;
/** Percent of all stake from which a cluster of new keys can veto. */
const VETO_PERCENT = 33n;

/** Several keys join within a day with the same stake, or with stake from one address: probably one owner with many names. */
export function newKeyCluster(joins: readonly JoinRow[], totalStake: bigint): SecurityEvent[] {
  const keyed = joins.flatMap((join) => [
    { join, trait: `stake ${join.stake}` },
    ...(join.origin === null ? [] : [{ join, trait: `origin ${join.origin.toLowerCase()}` }]),
  ]);
  return [...Map.groupBy(keyed, ({ trait }) => trait)].flatMap(([trait, group]): SecurityEvent[] => {
    const sorted = group.map(({ join }) => join).toSorted((a, b) => a.at - b.at);
    const members = densestDay(sorted);
    const last = members.at(-1);
    if (members.length < LEAST_KEYS || !last) return [];
    const stake = members.reduce((sum, member) => sum + member.stake, 0n);
    const vetoes = stake * 100n >= totalStake * VETO_PERCENT;
    return [
      {
        rule: "new-key-cluster",
        severity: vetoes ? 5 : trait.startsWith("origin") ? 3 : 2,
        subject: trait,
        evidence: {
          keys: String(members.length),
          stake: String(stake),
          totalStake: String(totalStake),
          providers: members
            .map(({ provider }) => provider)
            .toSorted()
            .join(" "),
        },
        at: last.at,
      },
    ];
  });
}

/** The most joins that lie within one day; of equals the first. */
function densestDay(sorted: readonly JoinRow[]): readonly JoinRow[] {
  let best: readonly JoinRow[] = [];
  for (const [start, first] of sorted.entries()) {
    const within = sorted.slice(start).filter(({ at }) => at <= first.at + DAY);
    if (within.length > best.length) best = within;
  }
  return best;
}
