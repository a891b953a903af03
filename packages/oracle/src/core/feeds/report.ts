import type { Address, Hex } from "@sooth/kernel";
import {
  concatHex,
  encodeAbiParameters,
  hashTypedData,
  keccak256,
  numberToHex,
  parseAbiParameters,
} from "viem";

/** Where signatures for feeds count: one contract on one chain. */
export type FeedDomain = { chainId: number; feeds: Address };
/** What a provider signs for a feed. `observedAt`: unix seconds. */
export type FeedReport = { feed: Hex; value: bigint; observedAt: number; epoch: number };

/** The struct as `create` takes it. Source: IFeeds.sol. */
export type FeedTerms = {
  schema: Hex;
  /** 0 FirstParty, 1 Values, 2 Agreed, 3 Aggregated. */
  scheme: number;
  domain: number;
  decimals: number;
  /** Seconds. */
  heartbeat: number;
  /** Times the trailing mean step; 0: no jump is refused. */
  jump: number;
  bandBps: number;
  /** FirstParty: who signs. Otherwise zero. */
  signer: Address;
  nonce: bigint;
};
/** Every provider signs his own value, and the weighted median counts. */
export const VALUES_SCHEME = 1;

const FEED = parseAbiParameters([
  "Feed terms",
  "struct Feed { bytes32 schema; uint8 scheme; uint8 domain; uint8 decimals; uint24 heartbeat; uint8 jump; uint16 bandBps; address signer; uint64 nonce; }",
]);
const FIELDS = (1n << 80n) - 1n;

/** The feed's name, exactly as `Feeds.idOf` computes it for any scheme but FirstParty. */
export function feedId(terms: FeedTerms): Hex {
  const fields =
    BigInt(terms.scheme) |
    (BigInt(terms.domain) << 8n) |
    (BigInt(terms.decimals) << 16n) |
    (BigInt(terms.heartbeat) << 24n) |
    (BigInt(terms.jump) << 48n) |
    (BigInt(terms.bandBps) << 56n);
  const hash = BigInt(keccak256(encodeAbiParameters(FEED, [terms])));
  return numberToHex((hash & ~FIELDS) | fields, { size: 32 });
}

/** What stands for the question in the digest, as `Feeds.momentOf` computes it. */
export const feedMomentId = (feed: Hex, observedAt: number): Hex =>
  keccak256(concatHex([feed, numberToHex(observedAt, { size: 32 })]));

/** EIP-712 of `Report` under the feeds' domain, as `Feeds.digestOf` computes it. */
export const feedReportTypedData = ({ chainId, feeds }: FeedDomain, report: FeedReport) =>
  ({
    domain: { name: "Sooth Feeds", version: "1", chainId, verifyingContract: feeds },
    types: {
      Report: [
        { name: "question", type: "bytes32" },
        { name: "value", type: "int96" },
        { name: "epoch", type: "uint32" },
        { name: "round", type: "uint8" },
      ],
    },
    primaryType: "Report",
    message: {
      question: feedMomentId(report.feed, report.observedAt),
      value: report.value,
      epoch: report.epoch,
      round: 0,
    },
  }) as const;

export const feedReportDigest = (domain: FeedDomain, report: FeedReport): Hex =>
  hashTypedData(feedReportTypedData(domain, report));
