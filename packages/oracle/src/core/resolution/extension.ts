import { hasQuorum } from "../aggregate.ts";
import { dateOf, several } from "../figures.ts";
import type { Seat, SignerSet } from "../weights.ts";

/**
 * When a round is half over, unix seconds: without a quorum in sight by then more providers are looked for, while there is
 * still time for them to read and sign.
 */
export const extendFrom = (o: { notBefore: number; deadline: number }): number =>
  o.notBefore + Math.ceil((o.deadline - o.notBefore) / 2);

/** Whether those who reported hold the weight that an answer takes. What they said is another matter. */
export const isInSight = (
  reports: readonly { epoch: number; seat: number; weight: bigint }[],
  { epoch, totalWeight }: Pick<SignerSet, "epoch" | "totalWeight">,
): boolean =>
  hasQuorum(
    reports.filter((report) => report.epoch === epoch).reduce((sum, { weight }) => sum + weight, 0n),
    totalWeight,
  );

/** One name for sets of the same members and weights, whatever their order. */
export const nameOfSeats = (seats: readonly Seat[]): string =>
  seats
    .map(({ signer, weight }) => `${signer.toLowerCase()}:${weight}`)
    .toSorted()
    .join();

export type EpochOutlook = {
  current: SignerSet;
  /** Whom the next epoch would seat now. */
  next: readonly Seat[];
  /** When the current one began, and from when on the contract begins another; unix seconds. */
  startedAt: number;
  allowedAt: number;
  /** The first set waits for so many. */
  firstTakes: number;
};
export type Extension = {
  do: "advance" | "wait" | "give_up";
  reason: string;
};

/**
 * How the circle of those who may report can be widened: the domain's next epoch seats who staked since, and drops who
 * left, was suspended or slashed, and what it seats signs anew. The contract begins one only when it differs from the
 * last and that is old enough.
 */
export function extension(
  { current, next, allowedAt, firstTakes }: EpochOutlook,
  deadline: number,
  now: number,
): Extension {
  const old = new Set(current.seats.map(({ signer }) => signer.toLowerCase()));
  const entering = next.filter(({ signer }) => !old.has(signer.toLowerCase())).length;
  const leaving = old.size - (next.length - entering);
  const number = current.epoch + 1;
  if (next.length === 0) return { do: "give_up", reason: "nobody has staked who could be seated" };
  if (current.epoch === 0 && next.length < firstTakes)
    return {
      do: "give_up",
      reason: `${several(next.length, "provider")} staked, and the first epoch waits for ${firstTakes}`,
    };
  if (nameOfSeats(next) === nameOfSeats(current.seats))
    return {
      do: "give_up",
      reason: `epoch ${number} would seat the same ${several(next.length, "provider")} with the same weight: nobody new has staked, nobody seated has left or is suspended`,
    };
  const change = `epoch ${number} would seat ${several(next.length, "provider")}: ${entering} new, ${leaving} gone`;
  if (allowedAt >= deadline)
    return {
      do: "give_up",
      reason: `${change}; but epoch ${current.epoch} lasts until ${dateOf(allowedAt)}, past the deadline`,
    };
  if (allowedAt > now)
    return { do: "wait", reason: `${change}; epoch ${current.epoch} lasts until ${dateOf(allowedAt)}` };
  return { do: "advance", reason: `${change}; it was asked for, and all who are seated sign anew` };
}
