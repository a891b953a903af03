import type { Hex } from "viem";
import { z } from "zod";
import type { Decimal } from "../decimals.ts";
import { wireAddress } from "../wire-words.ts";
import { wordAt } from "./chain.ts";
import { named, type SourceType } from "./source-type.ts";

/** The longest that a feed may be silent for and still count: most of them speak at least once a day. */
const MAX_AGE = 31_536_000;

/**
 * A price feed on a chain, of the interface that Chainlink published and others serve: `latestRoundData` and
 * `decimals`, in the state after the last block at or before `observeAt`.
 */
export const feedSource = z.object({
  type: z.literal("feed"),
  ...named,
  chainId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  address: wireAddress,
  /** Seconds from the feed's last update to `observeAt`, at most. */
  maxAge: z.number().int().min(1).max(MAX_AGE),
});
export type FeedSource = z.infer<typeof feedSource>;

export const feedType: SourceType<FeedSource> = {
  complaint: () => null,
  where: ({ chainId, address }) => `eip155:${chainId}/${address}/latestRoundData()`,
  // Read in the state after a block, which is what it is.
  isFixed: () => true,
};

/** Selectors of `AggregatorV3Interface`. Source: smartcontractkit/chainlink, shared/interfaces. */
export const FEED_CALLS = { latestRoundData: "0xfeaf968c", decimals: "0x313ce567" } as const;
/** More places than any feed has: what says so is no feed. */
const MAX_DECIMALS = 36n;

/** What a feed told, or why it does not count. `observeAt` in unix seconds. */
export function feedNumberOf(
  source: Pick<FeedSource, "maxAge">,
  returned: { round: Hex; decimals: Hex },
  observeAt: number,
): { number: Decimal; publicAt: number } | { why: string } {
  const [answer, updated, decimals] = [
    wordAt(returned.round, 1),
    wordAt(returned.round, 3),
    wordAt(returned.decimals, 0),
  ];
  if (answer === null || updated === null || decimals === null || decimals > MAX_DECIMALS)
    return { why: "no price feed stands at that address" };
  if (updated === 0n) return { why: "its round is not complete" };
  const age = BigInt(observeAt) - updated;
  if (age < 0n) return { why: "its last update lies in the future" };
  if (age > BigInt(source.maxAge)) return { why: `its last update was ${age} seconds old` };
  return {
    number: { digits: BigInt.asIntN(256, answer), scale: Number(decimals) },
    publicAt: Number(updated),
  };
}
