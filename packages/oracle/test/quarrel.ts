import type { Hex } from "@sooth/kernel";
import type { Executor } from "@sooth/store";
import { zeroHash } from "viem";
import {
  type Dispute,
  disputeId,
  encodeAnswerWord,
  type Jury,
  juryId,
  type LadderWindows,
  type CourtWindows,
} from "../src/core/index.ts";
import { addresses, type Asked, happen, OPENS, WEIGHT } from "./people.ts";

/** One dispute and its first jury, as logs tell them. Blocks are a second each; see `blockAt`. */
export const DISPUTER: Hex = `0x${"d1".repeat(20)}`;
export const WINDOWS: { ladder: LadderWindows; court: CourtWindows } = {
  ladder: { rereport: 100, appeal: 50 },
  court: { evidence: 10, commit: 60, reveal: 30 },
};
export const timeOf = (block: number): number => OPENS - 1_000 + block;

export const answerWord = (
  over: { round?: number; disputes?: number; value?: bigint; ruled?: boolean } = {},
) =>
  encodeAnswerWord({
    state: "answered",
    value: 0n,
    finalizeAt: OPENS + 200,
    confidence: 7_500,
    seats: 7n,
    epoch: 1,
    round: 0,
    rewardSettled: false,
    deposit: 250,
    ...over,
  });

export const disputeOf = (question: Asked, block: number): Dispute & { id: Hex } => {
  const dispute: Dispute = {
    question: question.id,
    answer: answerWord(),
    root: zeroHash,
    disputer: DISPUTER,
    claim: 1n,
    claimRoot: zeroHash,
    deposit: 250_000_000n,
    at: timeOf(block),
  };
  return { ...dispute, id: disputeId(dispute) };
};

export const juryOf = (block: number): Jury & { id: Hex } => {
  const jury: Jury = {
    arbitrable: addresses.ladder,
    subject: `0x${"5b".repeat(32)}`,
    size: 9,
    jurorEpoch: 1,
    excluded: 0n,
    fee: 62_500_000n,
    openedAt: timeOf(block),
    beaconRound: 77n,
  };
  return { ...jury, id: juryId(jury) };
};

/** Twelve jurors of equal weight, keys from 1,001 on. */
export const takeJurors = (tx: Executor, signers: readonly Hex[], at = 1) =>
  happen(tx, "stakeManager", "JurorsTaken", {
    at,
    jurorEpoch: 1,
    totalWeight: BigInt(signers.length) * WEIGHT,
    jurors: signers.map((signer) => (BigInt(signer) << 96n) | WEIGHT),
  });

export async function object(
  tx: Executor,
  question: Asked,
  at: number,
  reason: Hex = zeroHash,
): Promise<Hex> {
  const { id, ...dispute } = disputeOf(question, at);
  await happen(tx, "oracle", "Disputed", { ...dispute, reason, at });
  return id;
}

export async function convene(tx: Executor, dispute: Hex, at: number): Promise<Jury & { id: Hex }> {
  const jury = juryOf(at);
  const { id, ...terms } = jury;
  await happen(tx, "court", "JuryOpened", { at, jury: id, terms });
  await happen(tx, "ladder", "Convened", { at, dispute, jury: id, tier: 0, claim: 1n, claimRoot: zeroHash });
  return jury;
}
