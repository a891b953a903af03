import { type Amount, sameAddress } from "@sooth/kernel";
import { shareOf, weightAt } from "@sooth/markets/core";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { type Reckoning, reckon } from "./recompute.ts";

/** Of a unit: what rounding takes is less than one, and stands in a line of its own. */
export const PARTS = 1_000n;

/** One line of what an opinion came to; together they are what it was paid, to the unit. `parts`: thousandths of a unit. */
export type PayLine =
  /** Its part of what closeness shares, or of prizes that were never drawn. */
  | { kind: "share" | "undrawn"; parts: bigint; pot: Amount; weight: bigint; weightOfAll: bigint }
  | { kind: "rounding"; parts: bigint; of: "share" | "undrawn" }
  | { kind: "prize"; parts: bigint; prize: number }
  /** Void: everybody has the stake back. */
  | { kind: "refund"; parts: bigint }
  /** Nobody told its stance: it went to the others. */
  | { kind: "untold"; parts: bigint };

type Ended = Pick<OpinionMarket, "bands" | "hidden" | "terms" | "result" | "prizes">;
type Told = Pick<Opinion, "owner" | "band" | "amount">;

export function payLines(market: Ended, opinion: Told): PayLine[] {
  const { result } = market;
  if (!result) return [{ kind: "refund", parts: BigInt(opinion.amount) * PARTS }];
  if (opinion.band === null) return [{ kind: "untold", parts: 0n }];
  const reckoning = reckon(market, result.score);
  const told = { band: opinion.band, amount: BigInt(opinion.amount) as Amount };
  const won = market.prizes.filter(({ winner }) => sameAddress(winner, opinion.owner));
  return [
    ...partOf("share", reckoning.net, told, reckoning),
    ...(result.undrawn ? partOf("undrawn", reckoning.prizes, told, reckoning) : []),
    ...won.map(({ prize, amount }) => ({ kind: "prize" as const, prize, parts: BigInt(amount) * PARTS })),
  ];
}

/** In units. */
export const sumOf = (lines: readonly PayLine[]): bigint =>
  lines.reduce((sum, { parts }) => sum + parts, 0n) / PARTS;

/** What the server says that an opinion came to: paid, won, or to be claimed. */
export const cameTo = ({ due, paid, won }: Pick<Opinion, "due" | "paid" | "won">): bigint =>
  BigInt(due) + BigInt(paid) + BigInt(won);

/** As a claim pays it: a part of the pot by weight, and what rounding down to the unit leaves in the contract. */
function partOf(
  kind: "share" | "undrawn",
  pot: Amount,
  told: { band: number; amount: Amount },
  { ended, shares, weightOfAll }: Reckoning,
): PayLine[] {
  const weight = told.amount * weightAt(told.band, shares.rule, ended);
  const parts = (pot * weight * PARTS) / weightOfAll;
  const paid = shareOf(pot, told, shares.rule, ended) * PARTS;
  return [
    { kind, parts, pot, weight, weightOfAll },
    { kind: "rounding", of: kind, parts: paid - parts },
  ];
}
