import type { UnixSeconds } from "@sooth/kernel";
import type { SecurityEvent, EventSeverity } from "../event.ts";

/** Stake that came (above zero) or was announced to leave (below zero). */
export type StakeRow = { provider: string; delta: bigint; at: UnixSeconds };
/** The moment at which stake turned into weight of a domain, and all stake there was. */
export type Snapshot = { domain: number; epoch: number; at: UnixSeconds; totalStake: bigint };

const HOURS_6 = 6 * 3_600;
/** Percent of all stake, the largest first: a sixth matters, a third can veto, a half decides soon. */
const STEPS: readonly (readonly [bigint, EventSeverity])[] = [
  [50n, 5],
  [33n, 4],
  [15n, 3],
];

/** Stake moves just before an epoch is formed: weight bought for one round, or withdrawn before its blame. */
export function stakeChurn(snapshots: readonly Snapshot[], rows: readonly StakeRow[]): SecurityEvent[] {
  return snapshots.flatMap((snapshot): SecurityEvent[] => {
    const recent = rows.filter(({ at }) => at > snapshot.at - HOURS_6 && at <= snapshot.at);
    const moved = recent.reduce((sum, { delta }) => sum + (delta < 0n ? -delta : delta), 0n);
    const step = STEPS.find(([percent]) => moved * 100n >= snapshot.totalStake * percent);
    if (!step || moved === 0n) return [];
    return [
      {
        rule: "stake-churn",
        severity: step[1],
        subject: `domain ${snapshot.domain} epoch ${snapshot.epoch}`,
        evidence: {
          moved: String(moved),
          totalStake: String(snapshot.totalStake),
          from: String(snapshot.at - HOURS_6),
          providers: [...new Set(recent.map(({ provider }) => provider))].toSorted().join(" "),
        },
        at: snapshot.at,
      },
    ];
  });
}
