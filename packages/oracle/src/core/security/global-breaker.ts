import type { Hex } from "@sooth/kernel";

/** What the guard looks at in one call. Source: Guard.sol, as all figures here. */
export const MOST_EVIDENCE = 256;
const HOUR = 3_600;
const SURGE = 3n;
const SCALE = 10_000n;

/** An answer that is not final: what it secures, in collateral, and when it becomes final, unix seconds. */
export type SecuringAnswer = { id: Hex; secures: bigint; finalizeAt: number };
/** What an hour from `from` on secures together. `ids` ascending, as the guard wants them. */
export type ValueEvidence = { from: number; ids: readonly Hex[]; value: bigint };

const NOTHING: ValueEvidence = { from: 0, ids: [], value: 0n };
const byId = (a: Hex, b: Hex): number => (a < b ? -1 : 1);
const descending = (a: bigint, b: bigint): number => (a < b ? 1 : a > b ? -1 : 0);

/**
 * The hour in which most value becomes final, of all that begin with the finality of one of `answers`: no other hour can
 * hold more. Of more answers than one call takes, those that secure most; hours are compared by all that is in them.
 */
export function heaviestHour(answers: readonly SecuringAnswer[]): ValueEvidence {
  const inOrder = answers
    .filter(({ secures }) => secures > 0n)
    .toSorted((a, b) => a.finalizeAt - b.finalizeAt);
  let best = { first: 0, end: 0, value: 0n };
  let [end, value] = [0, 0n];
  for (const [first, { finalizeAt, secures }] of inOrder.entries()) {
    for (
      let next = inOrder[end];
      next !== undefined && next.finalizeAt < finalizeAt + HOUR;
      next = inOrder[end]
    ) {
      value += next.secures;
      end += 1;
    }
    if (value > best.value) best = { first, end, value };
    value -= secures;
  }
  const within = inOrder.slice(best.first, best.end);
  const from = within[0]?.finalizeAt;
  if (from === undefined) return NOTHING;
  const taken = within.toSorted((a, b) => descending(a.secures, b.secures)).slice(0, MOST_EVIDENCE);
  return {
    from,
    ids: taken.map(({ id }) => id).toSorted(byId),
    value: taken.reduce((sum, { secures }) => sum + secures, 0n),
  };
}

/** Disputes open at once that trip nothing yet; one more does. `mean`: ten-thousandths, `floor`: the policy's. */
export function surgeLimit(mean: bigint, floor: number): number {
  const times = Number((SURGE * mean) / SCALE);
  return times < floor ? floor - 1 : times;
}

/** What one call can show of the questions that are disputed: ascending, as the guard wants them. */
export const disputeEvidence = (ids: readonly Hex[]): Hex[] => ids.toSorted(byId).slice(0, MOST_EVIDENCE);

/**
 * Counts of open disputes that are worth a transaction: each half as much again as the one before, so that a day costs 14
 * at most. The largest of a day is the day's; the average is too low by less than a third, which trips earlier, never later.
 */
export const COUNT_STEPS: readonly number[] = [1, 2, 3, 4, 6, 9, 13, 19, 28, 42, 63, 94, 141, 211];

/** The step that so many open disputes have reached; 0: there are none. */
export const countStep = (open: number): number => COUNT_STEPS.findLast((step) => step <= open) ?? 0;

/** What a trip would rest on now, and what limits it. */
export type Brakes = {
  hour: ValueEvidence;
  /** Collateral: `Policy.valueLimit`. */
  valueLimit: bigint;
  disputed: readonly Hex[];
  /** As `surgeLimit` tells it. */
  disputeLimit: number;
};

/** Why the windows are to be doubled; value first, for one trip covers both. Null: nothing is beyond its limit. */
export function tripOf({ hour, valueLimit, disputed, disputeLimit }: Brakes): "value" | "disputes" | null {
  if (hour.value > valueLimit) return "value";
  return disputed.length > disputeLimit ? "disputes" : null;
}
