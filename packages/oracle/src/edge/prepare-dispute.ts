import { ladderAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { encodeFunctionData, zeroHash } from "viem";
import type { z } from "zod";
import {
  appealDeposit,
  bountyOf,
  depositOf,
  DisputeError,
  feesOf,
  isSentinel,
  isSilent,
  JURY_SIZES,
  labelOf,
  OracleError,
  prospects,
  readClaim,
  seatsOf,
  silenceDeposit,
  statusOf,
  termsToChain,
  unixAt,
  type wireCall,
  type wirePrepareAppeal,
  type wirePrepareDispute,
  type wirePreparedAppeal,
  type wirePreparedDispute,
} from "../core/index.ts";
import { chainTime } from "./clock.ts";
import { depositLimits, purseOf } from "./contract.ts";
import type { ApiDeps } from "./deps.ts";
import { appealableUntil } from "./dispute-sweep.ts";
import { momentOf } from "./dispute-view.ts";
import { disputeWindows } from "./dispute-windows.ts";
import { disputeById, disputeRecord, pausesOf } from "./disputes.ts";
import { questionById, type StoredQuestion } from "./questions.ts";
import { signerSet } from "./signer-sets.ts";

type WireCall = z.infer<typeof wireCall>;

/** What an objection costs and can bring, and the calls that make it. @throws dispute.*, oracle.unknown_question */
export async function prepareDispute(
  deps: ApiDeps,
  id: string,
  asked: z.infer<typeof wirePrepareDispute>,
): Promise<z.infer<typeof wirePreparedDispute>> {
  const { db } = deps.store;
  const { hub, addresses } = deps;
  const [question, now, record] = await Promise.all([
    questionById(db, id),
    chainTime(hub),
    disputeRecord(db),
  ]);
  if (!question) throw OracleError.unknown_question({ question: id });
  const { answer, word, schema } = question;
  if (isSilent(question.terms, word, now)) return prepareSilence(deps, question, asked, record);
  const status = statusOf(word, now);
  if (status !== "answered" || answer === null) throw DisputeError.not_disputable({ question: id, status });
  const claim = readClaim(asked.claim, schema);
  if (claim === answer.value) throw DisputeError.same_claim({ claim: labelOf(claim, schema) });
  const { min, max } = question.terms;
  // Against many answers under one root no single value can be claimed.
  if (schema.items && !isSentinel(claim)) throw DisputeError.bad_claim({ claim: asked.claim });
  if (!isSentinel(claim) && (claim < min || claim > max))
    throw OracleError.out_of_bounds({ question: question.id, value: claim });
  const account = asked.account as Address;
  const deposit = await depositNow(deps, question);
  if (deposit === 0n) throw DisputeError.not_disputable({ question: id, status: "final" });
  const odds = prospects(
    [],
    { who: account, amount: deposit, side: 2 },
    { fees: 0n, bounty: await bounty(db, question) },
  );
  const object: WireCall = {
    chainId: hub.definition.id,
    to: addresses.oracle,
    data: objection(question, claim, reasonOf(asked)),
    value: "0",
    purpose: "Object to the answer",
  };
  return {
    question: question.id,
    claim: String(claim),
    ...told(odds),
    record,
    closesAt: answer.finalizeAt,
    calls: [...(await funding(deps, account, deposit)), object],
  };
}

type DisputeRecord = Awaited<ReturnType<typeof disputeRecord>>;

/** The same against a silence, which becomes INVALID at the deadline. Nobody signed it, so nobody is slashed for it. */
async function prepareSilence(
  deps: ApiDeps,
  { id, terms, schema, word }: StoredQuestion,
  asked: z.infer<typeof wirePrepareDispute>,
  record: DisputeRecord,
): Promise<z.infer<typeof wirePreparedDispute>> {
  const { hub, addresses } = deps;
  const claim = readClaim(asked.claim, schema);
  // What silence says already, or that it was too early, corrects nothing.
  if (isSentinel(claim)) throw DisputeError.bad_claim({ claim: asked.claim });
  if (claim < terms.min || claim > terms.max) throw OracleError.out_of_bounds({ question: id, value: claim });
  if (word.state !== "open") throw DisputeError.not_disputable({ question: id, status: word.state });
  const account = asked.account as Address;
  const deposit = silenceDeposit(terms, word, await depositLimits(hub, addresses));
  const odds = prospects([], { who: account, amount: deposit, side: 2 }, { fees: 0n, bounty: 0n });
  const object: WireCall = {
    chainId: hub.definition.id,
    to: addresses.oracle,
    data: encodeFunctionData({
      abi: oracleAbi,
      functionName: "disputeSilence",
      args: [termsToChain(terms), claim, reasonOf(asked)],
    }),
    value: "0",
    purpose: "Object to the silence",
  };
  return {
    question: id,
    claim: String(claim),
    ...told(odds),
    record,
    closesAt: terms.deadline,
    calls: [...(await funding(deps, account, deposit)), object],
  };
}

/** As the contract takes it: zero when none is given. */
const reasonOf = ({ reason }: z.infer<typeof wirePrepareDispute>): Hex =>
  (reason as Hex | undefined) ?? zeroHash;

/** 0 where nobody can object. The contract's view knows values only; of a root its facts tell. */
async function depositNow({ hub, addresses }: ApiDeps, { id, facts }: StoredQuestion): Promise<bigint> {
  if (facts !== null) return depositOf(facts, (await disputeWindows(hub, addresses)).unit);
  return hub.client.readContract({
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "depositFor",
    args: [id],
  });
}

function objection({ id, word, facts }: StoredQuestion, claim: bigint, reason: Hex): Hex {
  return word.state === "answered" && word.root && facts !== null
    ? encodeFunctionData({
        abi: oracleAbi,
        functionName: "disputeRoot",
        args: [id, { root: word.root, facts }, claim, zeroHash, reason],
      })
    : encodeFunctionData({ abi: oracleAbi, functionName: "dispute", args: [id, claim, reason] });
}

/** The same for an appeal: another choice than the one that stands, and a larger jury. @throws dispute.* */
export async function prepareAppeal(
  deps: ApiDeps,
  id: string,
  asked: z.infer<typeof wirePrepareAppeal>,
): Promise<z.infer<typeof wirePreparedAppeal>> {
  const { db } = deps.store;
  const { hub, addresses } = deps;
  const [stored, now, pauses, windows] = await Promise.all([
    disputeById(db, id),
    chainTime(hub),
    pausesOf(db),
    disputeWindows(hub, addresses),
  ]);
  if (!stored) throw DisputeError.unknown_dispute({ dispute: id });
  const question = await questionById(db, stored.dispute.question);
  const { stage, dispute, stakes, tier } = stored;
  const moment = momentOf(now, pauses, windows);
  const until = appealableUntil(stored, moment);
  const isOpen = (stage === "confirmed" || stage === "ruled") && until !== null && moment.clock < until;
  if (!question || !isOpen) throw DisputeError.no_appeal({ dispute: id, stage });
  if (asked.choice === stored.verdict) throw DisputeError.same_choice({ choice: asked.choice });
  const account = asked.account as Address;
  const deposit = appealDeposit(dispute.deposit, stakes.length);
  const mine = { who: account, amount: deposit, side: asked.choice };
  const odds = prospects(stakes, mine, { fees: feesOf(stored.juries), bounty: 0n });
  const appeal: WireCall = {
    chainId: hub.definition.id,
    to: addresses.ladder,
    data: encodeFunctionData({
      abi: ladderAbi,
      functionName: "appeal",
      args: [termsToChain(question.terms), dispute, asked.choice],
    }),
    value: "0",
    purpose: "Appeal to a larger jury",
  };
  const nextTier = stage === "ruled" ? tier + 1 : tier;
  return {
    dispute: stored.id,
    choice: asked.choice,
    ...told(odds),
    earlier: String(odds.earlier),
    jurySize: JURY_SIZES[nextTier] ?? 0,
    closesAt: unixAt(pauses, until),
    calls: [...(await funding(deps, account, deposit)), appeal],
  };
}

const told = (odds: ReturnType<typeof prospects>) => ({
  deposit: String(odds.deposit),
  whenRight: String(odds.whenRight),
  whenWrong: String(odds.whenWrong),
  whenUndecided: String(odds.whenUndecided),
  bounty: String(odds.bounty),
  breakEven: odds.breakEven,
});

/** What those who signed lose to whoever proves them wrong, by their stakes of now. */
async function bounty(db: Executor, { answer, terms }: StoredQuestion): Promise<bigint> {
  if (answer === null) return 0n;
  const set = await signerSet(db, terms.domain, answer.epoch);
  const signed = seatsOf(answer.seats).flatMap((seat) => set.seats[seat] ?? []);
  const found = await rows<{ stake: bigint }>(
    db,
    sql`select p.stake from oracle.signers s join oracle.providers p on p.owner = s.owner
      where s.signer = any(${signed.map(({ signer }) => signer)}::text[])`,
  );
  const wrong = signed.reduce((sum, { weight }) => sum + weight, 0n);
  return bountyOf(
    found.map(({ stake }) => stake),
    wrong,
    set.totalWeight,
  );
}

/** What must happen first where the account's credit does not suffice. @throws dispute.short_of_collateral */
async function funding(deps: ApiDeps, account: Address, wanted: bigint): Promise<WireCall[]> {
  const { hub, addresses } = deps;
  const { credit, allowance, balance } = await purseOf(hub, addresses, account);
  if (credit >= wanted) return [];
  const missing = wanted - credit;
  if (balance < missing) throw DisputeError.short_of_collateral({ account, has: balance + credit, wanted });
  const call = (to: Hex, data: Hex, purpose: string): WireCall => ({
    chainId: hub.definition.id,
    to,
    data,
    value: "0",
    purpose,
  });
  const approve = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [addresses.oracle, missing],
  });
  const deposit = encodeFunctionData({
    abi: oracleAbi,
    functionName: "deposit",
    args: [account, missing],
  });
  return [
    ...(allowance >= missing ? [] : [call(addresses.collateral, approve, "Let the oracle take the deposit")]),
    call(addresses.oracle, deposit, "Bring the deposit"),
  ];
}
