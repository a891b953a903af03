import { opinionsAbi } from "@sooth/abi";
import { type Address, type Amount, type Hex, takeBps } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import {
  type Attempt,
  type Claimable,
  type ClaimPlan,
  type ClaimState,
  nextAttempt,
  OPINION_LIMITS,
  opinionTermsToChain,
  planClaims,
} from "../../core/index.ts";
import type { AttemptsOf } from "../payment-retries.ts";
import type { KeeperCall } from "../send-calls.ts";
import type { StoredOpinionMarket } from "./market-rows.ts";
import { feeKey, opinionClaimKey, prizeKey, sweepKey } from "./payment-keys.ts";

/** All that a market owes. */
export type Debt = {
  id: Hex;
  /** It was left alone after all its payments had failed, and that time is over. */
  rested: boolean;
  /** Undefined where nobody announced it: then all stakes go back. */
  market: StoredOpinionMarket | undefined;
  /** Those who have, or had, something to claim, in an order that never changes. */
  owners: readonly { owner: Address; due: Amount }[];
  prizes: readonly { prize: number; winner: Address }[];
  /** When the round is out that draws, unix seconds; null: none does. */
  roundAt: number | null;
};

/** What to send, and how many payments are under way, or failed too often for time to mend it. */
export type Payments = {
  calls: KeeperCall[];
  waiting: number;
  stuck: number;
  /** Claims that failed, and those that are given up. */
  claims: Pick<ClaimPlan, "resting" | "stuck">;
};

type Known = {
  /** How far a transaction is, by its key. */
  stateOf: (key: string) => ClaimState;
  attemptsOf: AttemptsOf;
  /** Unix seconds of the chain. */
  now: number;
};

/** Gas, about: what the gas report says of each, without what a transaction takes by itself. */
const GAS = { claims: 20_000, claim: 45_000, prize: 65_000, sweep: 65_000, fee: 45_000 };

/** The transactions of one market's payments. Pure: the outbox tells how far each is. */
export function planPayments(debt: Debt, known: Known): Payments {
  const all: Payments = { calls: [], waiting: 0, stuck: 0, claims: { resting: [], stuck: [] } };
  planOwners(all, debt, known);
  planPrizes(all, debt, known);
  planFee(all, debt, known);
  return all;
}

function planOwners(all: Payments, { id, market, owners, rested }: Debt, known: Known): void {
  const due = owners.filter((one) => one.due > 0n).length;
  if (due === 0) return;
  const named = (key: string) => opinionClaimKey(market?.ending ?? "void", key);
  const positions = owners.map((one): Claimable => ({
    owner: one.owner,
    outcome: 0,
    claimed: one.due === 0n,
  }));
  const plan = planClaims(
    id,
    positions,
    (key) => known.stateOf(named(key)),
    rested,
    (key) => known.attemptsOf(named(key)),
  );
  for (const { key, positions: batch, isFirst } of plan.send) {
    const args = [id, batch.map(({ owner }) => owner)] as const;
    all.calls.push({
      key: named(key),
      data: encodeFunctionData({ abi: opinionsAbi, functionName: "claimMany", args }),
      purpose: "claim",
      gas: GAS.claims + GAS.claim * batch.length,
      isFirst,
    });
  }
  all.waiting += due - plan.resting.length - plan.stuck.length;
  all.stuck += plan.stuck.length;
  all.claims = plan;
}

/**
 * A prize that its winner cannot be paid goes to the treasury once the contract lets it. Only then: who could be paid is paid,
 * however late this keeper comes.
 */
function planPrizes(all: Payments, { id, prizes, roundAt, rested }: Debt, known: Known): void {
  const maySweep = roundAt !== null && known.now >= roundAt + OPINION_LIMITS.prizeSeconds;
  for (const { prize, winner } of prizes) {
    const args: readonly [Hex, bigint, Address] = [id, BigInt(prize), winner];
    const data = encodeFunctionData({ abi: opinionsAbi, functionName: "claimPrize", args });
    const claim = { key: prizeKey(id, prize), data, purpose: "prize", gas: GAS.prize };
    const { next } = attemptOf(claim.key, known, rested);
    planOnce(all, next === "give_up" && maySweep ? sweepCall(id, prize) : claim, known, rested);
  }
}

const sweepCall = (id: Hex, prize: number): Call => ({
  key: sweepKey(id, prize),
  data: encodeFunctionData({ abi: opinionsAbi, functionName: "sweepPrize", args: [id, BigInt(prize)] }),
  purpose: "sweep",
  gas: GAS.sweep,
});

function planFee(all: Payments, { id, market, rested }: Debt, known: Known): void {
  if (!market) return;
  const { terms, result, feePaid, ending } = market;
  if (feePaid || result === null || ending === "void") return;
  if (takeBps(result.total, terms.feeBps) === 0n) return;
  const args = [opinionTermsToChain(terms)] as const;
  const data = encodeFunctionData({ abi: opinionsAbi, functionName: "collectFee", args });
  planOnce(all, { key: feeKey(id), data, purpose: "fee", gas: GAS.fee }, known, rested);
}

type Call = Omit<KeeperCall, "isFirst">;

const attemptOf = (key: string, { stateOf, attemptsOf }: Known, again: boolean): Attempt =>
  nextAttempt(key, stateOf, again, attemptsOf(key));

function planOnce(all: Payments, call: Call, known: Known, again: boolean): void {
  const attempt = attemptOf(call.key, known, again);
  if (attempt.next === "send")
    all.calls.push({ ...call, key: attempt.key, isFirst: attempt.key === call.key });
  if (attempt.next === "send" || attempt.next === "wait") all.waiting += 1;
  if (attempt.next === "give_up") all.stuck += 1;
}
