import type { Amount } from "@sooth/kernel";
import { weightAt, weightOfAll } from "../rules/bands.ts";
import { dueOf, type Ended, type Held } from "./payment.ts";

/** What one opinion of a market that has ended weighs by its closeness to the score, and what that pays. */
export type Weighing = {
  /** As `weightOfAll` counts; nothing where nobody told the stance. */
  weight: bigint;
  /** Of the weight of all, in millionths, rounded down. */
  share: number;
  /** All that claims pay over time, prizes that are drawn not in it. */
  pays: Amount;
};

const MILLION = 1_000_000n;

/** Null where no weight decides: the market has not ended, or it is void and gives every stake back. */
export function weighingOf({ band, amount }: Pick<Held, "band" | "amount">, ended: Ended): Weighing | null {
  const { ending, shares, tally } = ended;
  if (ending === "none" || ending === "void" || tally === null) return null;
  const weight = band === null ? 0n : amount * weightAt(band, shares.rule, tally);
  const share = Number((weight * MILLION) / weightOfAll(shares.rule, tally));
  return { weight, share, pays: dueOf({ band, amount, paid: false, shared: false }, ended) };
}
