import { t } from "@lingui/core/macro";
import type { Amount, Hex } from "@sooth/kernel";
import { drawOf, holdsUnit } from "@sooth/markets/core";
import { seedOf, verify } from "@sooth/randomness/core";
import type { Opinion, OpinionMarket } from "../../api.ts";
import type { BeaconRound } from "../wallet/read-round.ts";
import { reckon, totalsOfBands } from "./recompute.ts";

export type DrawsCheck = { ok: true; signed: boolean; prizes: number } | { ok: false; why: string };

/**
 * Draws every prize again: the round's signature under the beacon's public key, the seed from the signature, the place
 * from the seed, and whose unit lies there.
 */
export function checkDraws(
  market: OpinionMarket,
  facts: BeaconRound,
  holders: readonly Pick<Opinion, "owner" | "band" | "start" | "amount">[],
): DrawsCheck {
  const { result, prizes } = market;
  if (!result || result.round === null) return { ok: false, why: t`no round was named` };
  const round = BigInt(result.round);
  const { publicKey, seed, signature } = facts;
  if (signature !== null && !verify(publicKey, round, signature))
    return { ok: false, why: t`round ${String(round)} is not signed by the beacon’s key` };
  if (signature !== null && seedOf(signature) !== seed)
    return { ok: false, why: t`the seed on the chain is not the signature’s` };
  if (result.seed !== null && result.seed.toLowerCase() !== seed.toLowerCase())
    return { ok: false, why: t`the seed told is not the chain’s` };
  const totals = totalsOfBands(market) as Amount[];
  const { ended, shares } = reckon(market, result.score);
  for (const { prize, band, offset, winner } of prizes) {
    const drawn = drawOf({ seed, market: market.id as Hex, prize }, totals, shares.rule, ended);
    if (drawn.band !== band || drawn.offset !== BigInt(offset))
      return { ok: false, why: t`prize ${prize + 1} fell on another unit` };
    const holder = holders.find((one) => one.owner.toLowerCase() === winner.toLowerCase());
    const holds =
      holder?.band != null &&
      holder.start !== null &&
      holdsUnit({ band: holder.band, start: BigInt(holder.start), amount: BigInt(holder.amount) }, drawn);
    if (!holds) return { ok: false, why: t`the unit of prize ${prize + 1} is not the winner’s` };
  }
  return { ok: true, signed: signature !== null, prizes: prizes.length };
}
