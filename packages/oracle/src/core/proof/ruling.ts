import { type Hex, sameAddress } from "@sooth/kernel";
import { zeroHash } from "viem";
import { encodeAnswerWord, INVALID, seatsOf, TOO_EARLY } from "../answer-word.ts";
import { juryFee, splitDeposits } from "../disputes/deposits.ts";
import { type Dispute, type DisputeOutcome, OUTCOMES } from "../disputes/dispute.ts";
import { canSit } from "./cases.ts";
import type { Terms } from "../terms.ts";
import type { ProvenQuestion } from "./answers.ts";
import { epochOf, isEmpty, isForJuries, isOpen, type ProvenDispute, signersOf } from "./disputes.ts";
import { awaitOverturned, awaitTooEarly } from "./faults.ts";
import type { Note } from "./note.ts";
import { clockOf, type OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { expectCredits } from "./rewards.ts";
import { setOf, windowEnd } from "./stake-book.ts";
import {
  bitsOf,
  CONFIDENCE,
  DEPOSIT,
  DISPUTES,
  ROUND,
  type RootAnswer,
  rootFacts,
  rootWord,
  RULED,
  SEATS,
  TIME,
  withBits,
} from "./word-bits.ts";

/** What the ladder tells the oracle. */
type Ruling = {
  verdict: DisputeOutcome;
  /** Providers said so, and anyone may object to that again. */
  contestable: boolean;
  value: bigint;
  root: Hex;
  seats: bigint;
  epoch: number;
  confidence: number;
};

const MOST_DISPUTES = 7;
const LAST_ROUND = 255;
const LAST_TIER = 2;
const UNDECIDED = 0;
const THE_ANSWER = 1;
const THE_CLAIM = 2;

/* THE WORD */

/** How a dispute ended, and the word that the oracle must have stored for that. */
export function checkRuled(
  log: OracleLogOf<"Ruled">,
  dispute: ProvenDispute,
  question: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): void {
  const { args, at } = log;
  if (!isOpen(dispute, question)) note.differ("this dispute was not open");
  if (dispute.outcome !== null) note.differ("this dispute was ruled before");
  const { rereport } = dispute;
  const corrects = dispute.stage === "corrected" && rereport?.transaction === log.transaction;
  const outcome = corrects ? UNDECIDED : outcomeOf(log, dispute, question, replay, note);
  const ruling = corrects && rereport ? correction(rereport) : verdictOn(dispute, question, outcome);
  note.compare<string>("verdict", ruling.verdict, OUTCOMES[args.verdict] ?? String(args.verdict));
  if (args.root !== ruling.root) note.differ(`the root is ${ruling.root}, the log says ${args.root}`);
  const { stakes, domain } = replay;
  // The window of an answer that stands again follows from who signed that, of a new one from who signed the new one.
  const { answer } = dispute.terms;
  const backing =
    ruling.verdict === "restore"
      ? { confidence: Number(bitsOf(answer, CONFIDENCE)), seats: bitsOf(answer, SEATS) }
      : ruling;
  const { raw, root } = ruledWord(question.terms, dispute.terms, ruling, {
    at,
    until: windowEnd({ stakes, params: domain.params }, question.terms, at, backing),
  });
  const how = corrects ? "by correction" : `by choice ${outcome}`;
  note.tell(`value ${ruling.value} ${how}, confidence ${ruling.confidence}, final at ${bitsOf(raw, TIME)}`);
  note.compare("word that is stored", raw, args.word);
  [question.raw, question.root] = [args.word, root];

  dispute.outcome = outcome;
  dispute.stage = corrects && ruling.verdict !== "reopen" ? "corrected" : "done";
  splitAwards(dispute, question, replay, outcome);
  const first = dispute.stakes[0];
  if (ruling.verdict === "reopen") {
    const isRight = corrects ? dispute.claim === TOO_EARLY : first?.side === outcome;
    awaitTooEarly(
      replay,
      dispute,
      question,
      { challenger: isRight ? (first?.who ?? null) : null, log },
      note,
    );
  } else if (!corrects && outcome > THE_ANSWER && !isEmpty(dispute, question.terms))
    awaitOverturned(replay, dispute, question, log, note);
}

/** The choice with which a case ends, from where it stood. */
function outcomeOf(
  log: OracleLogOf<"Ruled">,
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  replay: OracleReplay,
  note: Note,
): number {
  const clock = clockOf(replay, log.at);
  const again = dispute.rereport?.transaction === log.transaction;
  const undecided = dispute.undecided === log.transaction;
  if (dispute.stage === "disputed") {
    const from = clockOf(replay, dispute.terms.at) + replay.domain.params.rereportSeconds;
    if (!isForJuries(dispute) && isEmpty(dispute, terms) && clock < from)
      note.differ(`ended at ${clock} of the court clock, before ${from}`);
  }
  if ((dispute.stage === "disputed" || again) && isEmpty(dispute, terms)) {
    note.tell("the claim says the same as the answer: nobody objected to anything");
    return THE_ANSWER;
  }
  if (dispute.stage === "confirmed" || dispute.stage === "ruled") {
    if (clock < dispute.until)
      note.differ(`concluded at ${clock} of the court clock, before ${dispute.until}`);
    else note.tell(`choice ${dispute.verdict} stood until ${dispute.until} of the court clock`);
    return dispute.verdict;
  }
  if (undecided && dispute.tier === LAST_TIER) note.tell("the largest jury had no verdict");
  else if (!(undecided || dispute.stage === "disputed")) note.differ("nothing had ended this dispute");
  else {
    if (canSit(replay, dispute, terms, dispute.tier + (undecided ? 1 : 0)))
      note.differ("ended without a jury, and one could have been drawn");
    else note.tell("no jury could be drawn");
    endUnheard(dispute, clock, replay, note);
  }
  return UNDECIDED;
}

/**
 * Nobody can hear the objection: not before providers had their time to look again, and what its jury would have cost
 * goes to the insurance. Mirror of `Juries._endUnheard`.
 */
function endUnheard(dispute: ProvenDispute, clock: number, replay: OracleReplay, note: Note): void {
  const { credits, domain } = replay;
  const from = clockOf(replay, dispute.terms.at) + domain.params.rereportSeconds;
  if (clock < from)
    note.differ(
      `ended without a jury at ${clock} of the court clock, and providers could look again until ${from}`,
    );
  const fee = juryFee(dispute.stakes.at(-1)?.amount ?? 0n);
  dispute.fees += fee;
  note.tell(`to the insurance, what a jury would have cost: ${fee}`);
  if (fee !== 0n) expectCredits(credits, [{ account: domain.params.treasury, amount: fee }], note);
}

function correction({ value, seats, epoch, confidence }: NonNullable<ProvenDispute["rereport"]>): Ruling {
  const verdict = value === TOO_EARLY ? "reopen" : value === INVALID ? "invalid" : "replace";
  return { verdict, contestable: true, value, root: zeroHash, seats, epoch, confidence };
}

/** What a choice of juries means, or none. */
function verdictOn(dispute: ProvenDispute, { terms }: ProvenQuestion, outcome: number): Ruling {
  const { claim } = dispute;
  const ruling = { contestable: false, value: claim, root: zeroHash, seats: 0n, epoch: 0, confidence: 0 };
  if (isEmpty(dispute, terms)) return { ...ruling, verdict: "restore" };
  if (outcome === THE_ANSWER) return { ...ruling, verdict: "uphold", root: dispute.terms.claimRoot };
  const { claimRoot: root } = dispute.terms;
  if (outcome !== THE_CLAIM) return { ...ruling, verdict: "invalid", root };
  const verdict = claim === TOO_EARLY ? "reopen" : claim === INVALID ? "invalid" : "replace";
  return { ...ruling, verdict, root };
}

type Stored = { raw: bigint; root: RootAnswer | null };

/** Mirror of `Disputes._ruled`. `until`: when an answer that is made now is final. */
function ruledWord(
  terms: Terms,
  d: Dispute,
  ruling: Ruling,
  { at, until }: { at: number; until: number },
): Stored {
  const isLast = bitsOf(d.answer, DISPUTES) + 1n === BigInt(MOST_DISPUTES);
  const round = Number(bitsOf(d.answer, ROUND));
  if (ruling.verdict === "restore") return restored(d, until, isLast);
  if (ruling.verdict === "uphold") {
    const facts = d.root === zeroHash ? withBits(d.answer, RULED, 1n) : d.answer;
    return stored(d.question, { root: d.root, facts }, at);
  }
  const disputes = bitsOf(d.answer, DISPUTES) + 1n;
  if (ruling.verdict === "reopen" && !isLast && round < LAST_ROUND - 1) {
    const notBefore = Math.min(Math.max(at + terms.liveness, terms.opensAt), terms.deadline);
    const { deadline } = terms;
    const open = { state: "open", deadline, notBefore, round: round + 2, rewardSettled: false } as const;
    return { raw: withBits(encodeAnswerWord(open), DISPUTES, disputes), root: null };
  }
  const contestable = ruling.contestable && !isLast;
  const isRoot = ruling.verdict === "replace" && ruling.root !== zeroHash;
  let word = encodeAnswerWord({
    state: "answered",
    value: ruling.verdict !== "replace" ? INVALID : isRoot ? 0n : ruling.value,
    finalizeAt: 0,
    confidence: ruling.confidence,
    seats: ruling.seats,
    epoch: ruling.epoch,
    round: contestable ? round + 1 : round,
    rewardSettled: false,
  });
  word = withBits(withBits(word, DISPUTES, disputes), DEPOSIT, bitsOf(d.answer, DEPOSIT));
  const facts = isRoot ? rootFacts(word) : withBits(word, RULED, contestable ? 0n : 1n);
  const root = isRoot ? ruling.root : zeroHash;
  return stored(d.question, { root, facts }, contestable ? until : at);
}

/** The same answer, once more open to objection; never earlier than before, once it counts no further. */
function restored(d: Dispute, until: number, isLast: boolean): Stored {
  const disputes = bitsOf(d.answer, DISPUTES) + (isLast ? 0n : 1n);
  const round = bitsOf(d.answer, ROUND);
  const facts = withBits(
    withBits(d.answer, DISPUTES, disputes),
    ROUND,
    round === BigInt(LAST_ROUND) ? round : round + 1n,
  );
  const before = Number(bitsOf(d.answer, TIME));
  return stored(d.question, { root: d.root, facts }, isLast && until <= before ? before + 1 : until);
}

const stored = (question: Hex, answer: RootAnswer, finalizeAt: number): Stored =>
  answer.root === zeroHash
    ? { raw: withBits(answer.facts, TIME, finalizeAt), root: null }
    : { raw: rootWord(question, answer, finalizeAt), root: answer };

/* THE MONEY */

/** Who gets what of the deposits once a case ends so. */
function splitAwards(
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  { stakes }: OracleReplay,
  outcome: number,
): void {
  const { awards, signers, insurance } = splitDeposits(dispute.stakes, outcome, dispute.fees);
  const set = setOf(stakes, terms.domain, epochOf(dispute));
  const owners = seatsOf(signersOf(dispute)).map((seat) =>
    stakes.owners.get(set?.seats[seat]?.signer.toLowerCase() ?? ""),
  );
  const each = owners.length === 0 ? 0n : signers / BigInt(owners.length);
  const toSigners = owners.flatMap((who) =>
    who === undefined || stakes.banned.has(who) ? [] : [{ who, amount: each }],
  );
  const due = [
    ...dispute.stakes.map(({ who }, index) => ({ who, amount: awards[index] ?? 0n })),
    ...toSigners,
  ];
  dispute.awards = due.filter(({ amount }) => amount !== 0n);
  dispute.insurance = insurance + signers - each * BigInt(toSigners.length);
}

export function checkAward(
  { args }: OracleLogOf<"Awarded">,
  dispute: ProvenDispute,
  { credits }: OracleReplay,
  note: Note,
): void {
  const due = dispute.awards.shift();
  if (!due) return note.differ(`${args.who} was awarded ${args.amount}, and nothing was due`);
  if (!sameAddress(due.who, args.who))
    note.differ(`${due.amount} of the deposits is due to ${due.who}, the log says ${args.who}`);
  note.compare("part of the deposits", due.amount, args.amount);
  return expectCredits(credits, [{ account: due.who, amount: due.amount }], note);
}

export function checkConcluded(
  { args }: OracleLogOf<"Concluded">,
  dispute: ProvenDispute,
  { credits, domain }: OracleReplay,
  note: Note,
): void {
  if (dispute.outcome === null) return note.differ("concluded, and nothing was ruled");
  note.compare("outcome of the deposits", dispute.outcome, args.outcome);
  for (const { who, amount } of dispute.awards.splice(0))
    note.differ(`${amount} of the deposits is due to ${who} and was not awarded`);
  note.compare("left for the insurance", dispute.insurance, args.toInsurance);
  if (dispute.insurance !== 0n)
    expectCredits(credits, [{ account: domain.params.treasury, amount: dispute.insurance }], note);
  return undefined;
}
