import type { Address, Hex } from "@sooth/kernel";
import {
  concatHex,
  encodeAbiParameters,
  hashTypedData,
  keccak256,
  zeroAddress,
  numberToHex,
  pad,
  parseAbiParameters,
} from "viem";

/** Where signatures for feeds count: one contract on one chain. */
export type FeedDomain = { chainId: number; feeds: Address };
/**
 * What a provider signs for a feed. `observedAt`: unix seconds. The owner of a source signs for the template in place of the
 * feed, with epoch 0.
 */
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
  /** A feed of the same decimals with a second opinion; zero: none. */
  secondary: Hex;
  /** How far from it a value may be, in steps of 20 basis points of it; 0 without one. */
  apart: number;
  nonce: bigint;
};
/** One key, which stands in the terms, signs: whoever owns the source. Nobody's stake stands behind it. */
export const FIRST_PARTY_SCHEME = 0;
/** Every provider signs his own value, and the weighted median counts. */
export const VALUES_SCHEME = 1;

/** What tells a feed of one key from others: who signs, and for what. Both lower-case. */
export type FirstParty = { signer: Hex; template: Hex };
/** The epoch in what he signs: a single key has none. */
export const FIRST_PARTY_EPOCH = 0;

const FEED = parseAbiParameters([
  "Feed terms",
  "struct Feed { bytes32 schema; uint8 scheme; uint8 domain; uint8 decimals; uint24 heartbeat; uint8 jump; uint16 bandBps; address signer; bytes32 secondary; uint8 apart; uint64 nonce; }",
]);
const FIELDS = (1n << 80n) - 1n;

/** The feed's name, exactly as `Feeds.idOf` computes it. */
export function feedId(terms: FeedTerms): Hex {
  const template = templateOf(terms);
  return terms.scheme === FIRST_PARTY_SCHEME ? firstPartyFeed(template, terms.signer) : template;
}

/** The feed that a key tells of a template, as `FeedIds.firstParty` computes it: no registry says who owns it. */
export function firstPartyFeed(template: Hex, signer: Address): Hex {
  const hash = BigInt(keccak256(concatHex([template, pad(signer, { size: 32 })])));
  return numberToHex((hash & ~FIELDS) | (BigInt(template) & FIELDS), { size: 32 });
}

/** Who tells a feed of these terms by himself; null for feeds of providers. */
export const firstPartyOf = (terms: FeedTerms): FirstParty | null =>
  terms.scheme === FIRST_PARTY_SCHEME
    ? { signer: terms.signer.toLowerCase() as Hex, template: templateOf(terms) }
    : null;

/** The id of the same terms without a signer. */
function templateOf(terms: FeedTerms): Hex {
  const fields =
    BigInt(terms.scheme) |
    (BigInt(terms.domain) << 8n) |
    (BigInt(terms.decimals) << 16n) |
    (BigInt(terms.heartbeat) << 24n) |
    (BigInt(terms.jump) << 48n) |
    (BigInt(terms.bandBps) << 56n) |
    (BigInt(terms.apart) << 72n);
  const anonymous = { ...terms, signer: zeroAddress };
  const hash = BigInt(keccak256(encodeAbiParameters(FEED, [anonymous])));
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
