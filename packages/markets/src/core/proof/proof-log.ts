import type { Address, Hex } from "@sooth/kernel";
import {
  type ChainTerms,
  type OracleDomain,
  TOO_EARLY,
  decodeAnswerWord,
  reportDigest,
  seatsOf,
} from "@sooth/oracle/core";
import { fullSignature, unpackReport, type SeatReport } from "@sooth/oracle/core";
import { size, slice } from "viem";
import type { MarketTerms } from "../terms.ts";

/** What the contracts logged, decoded. `at` is the block's timestamp. Nothing else is needed to check every pay-out. */
export type ProofLog = { block: number; logIndex: number; at: number; transaction: Hex } & (
  | {
      event: "EpochAdvanced";
      args: { domain: number; epoch: number; totalWeight: bigint; seats: readonly bigint[] };
    }
  | { event: "Asked"; args: { question: Hex; asker: Address; terms: ChainTerms; schema: string } }
  | { event: "Answered"; args: { question: Hex; word: bigint; report: Hex } }
  | {
      event: "Reopened";
      args: {
        question: Hex;
        round: number;
        epoch: number;
        notBefore: number;
        seats: bigint;
        signatures: Hex;
      };
    }
  | { event: "Opened"; args: { market: Hex; question: Hex; terms: MarketTerms } }
  | { event: "Staked"; args: { market: Hex; owner: Address; outcome: number; amount: bigint } }
  | {
      event: "Claimed";
      args: { market: Hex; owner: Address; outcome: number; staked: bigint; paid: bigint };
    }
  | { event: "FeeCollected"; args: { market: Hex; creator: Address; fee: bigint } }
);
export type LogOf<E extends ProofLog["event"]> = Extract<ProofLog, { event: E }>;

/** A signature that a log carries, and what it is over. */
export type SignedReport = SeatReport & { digest: Hex };
/** Who signed, lower-case; null when the signature recovers to nobody. */
export type SignerOf = (signed: SignedReport) => string | null;

const COMPACT = 64;

/** The signed reports of an answer; null when the bytes are no report. */
export function answerReports({ args }: LogOf<"Answered">, domain: OracleDomain): SignedReport[] | null {
  const word = decodeAnswerWord(args.word);
  if (word.state !== "answered") return null;
  const { epoch, round } = word;
  const reports = unpackReport(args.report, word.seats, word.value);
  return (
    reports?.map(({ seat, value, signature }) => ({
      seat,
      value,
      signature,
      digest: reportDigest(domain, { question: args.question, value, epoch, round }),
    })) ?? null
  );
}

/** The signed reports "too early" of a reopening, which were for the round before; null when the bytes are none. */
export function reopeningReports({ args }: LogOf<"Reopened">, domain: OracleDomain): SignedReport[] | null {
  const seats = seatsOf(args.seats);
  if (size(args.signatures) !== seats.length * COMPACT) return null;
  const { question, epoch } = args;
  const digest = reportDigest(domain, { question, value: TOO_EARLY, epoch, round: args.round - 1 });
  return seats.map((seat, index) => ({
    seat,
    value: TOO_EARLY,
    digest,
    signature: fullSignature(slice(args.signatures, index * COMPACT, (index + 1) * COMPACT)),
  }));
}

/** Every signature that the logs carry. Recovering their signers is not pure; hand the answers to `recompute`. */
export const signedReports = (logs: readonly ProofLog[], domain: OracleDomain): SignedReport[] =>
  logs.flatMap((log) => {
    if (log.event === "Answered") return answerReports(log, domain) ?? [];
    return log.event === "Reopened" ? (reopeningReports(log, domain) ?? []) : [];
  });
