import type { opinionsAbi, testDollarAbi } from "@sooth/abi";
import type { Address } from "@sooth/kernel";
import type { DecodedLog, ProofDomain } from "@sooth/oracle/core";
import type { OpinionBounds } from "../opinions/terms.ts";

/** What the contract of opinion markets logged. Some of its events are called like others': so each says whose it is. */
export type OpinionLog = DecodedLog<typeof opinionsAbi> & { contract: "opinions" };
export type OpinionLogOf<E extends OpinionLog["event"]> = Extract<OpinionLog, { event: E }>;

export const isOfOpinions = (log: object): log is OpinionLog =>
  "contract" in log && log.contract === "opinions";

/** Collateral that moved, as its own contract logged it. */
export type MoneyLog = Extract<DecodedLog<typeof testDollarAbi>, { event: "Transfer" }>;

/** What opinion markets were built with, beside what the oracle was: their addresses follow from it. */
export type MarketProofDomain = ProofDomain & {
  addresses: { opinions: Address };
  params: { opinionLimits: OpinionBounds; committeeMembers?: readonly Address[] };
};
