import type { Amount, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { type Rule, type Tally, unitAt, weightOfAll } from "../rules/bands.ts";

const DRAW = parseAbiParameters("bytes32 seed, bytes32 market, uint256 prize");

/** Which unit of which band prize number `prize` fell on. Mirror of `Opinions.drawOf`. */
export function drawOf(
  { seed, market, prize }: { seed: Hex; market: Hex; prize: number },
  totals: readonly Amount[],
  rule: Rule,
  ended: Tally,
): { band: number; offset: bigint } {
  const drawn = BigInt(keccak256(encodeAbiParameters(DRAW, [seed, market, BigInt(prize)])));
  return unitAt(drawn % weightOfAll(rule, ended), totals, rule, ended);
}

/** An opinion's units among those of its band. */
export type Seat = { band: number; start: bigint; amount: bigint };

/** Whether the unit at `offset` of `band` is his. */
export const holdsUnit = (seat: Seat, { band, offset }: { band: number; offset: bigint }): boolean =>
  seat.band === band && offset >= seat.start && offset < seat.start + seat.amount;
