import { type Address, type Amount, amount, ascending, type Bps, type Hex } from "@sooth/kernel";
import type { OracleDomain } from "@sooth/oracle/core";
import { feeOf, payOut, type Result, sum } from "../rules/parimutuel.ts";
import { endingOf } from "../status.ts";
import { marketId, type MarketTerms } from "../terms.ts";
import {
  checkAnswer,
  checkReopening,
  type ProvenQuestion,
  readAsked,
  readEpoch,
  type SignerSet,
} from "./answers.ts";
import type { LogOf, ProofLog, SignerOf } from "./proof-log.ts";

/** A log that does not say what it must. `where` is block:logIndex. */
export type ProofFinding = { where: string; subject: Hex | null; what: string };
/** One position. `due` is null until the answer is final, `paid` until it was claimed. */
export type PayoutRow = {
  market: Hex;
  owner: Address;
  outcome: number;
  staked: Amount;
  due: Amount | null;
  paid: Amount | null;
};
export type ProvenMarket = {
  market: Hex;
  question: Hex;
  pools: readonly Amount[];
  result: Result | null;
  fee: Amount;
  feePaid: boolean;
  /** What rounding down leaves in the pool when all is claimed. */
  dust: Amount;
};
export type Recomputed = { findings: ProofFinding[]; markets: ProvenMarket[]; rows: PayoutRow[] };

type Position = { owner: Address; outcome: number; staked: Amount; paid: Amount | null };
type OpenMarket = {
  id: Hex;
  terms: MarketTerms;
  pools: Amount[];
  positions: Map<string, Position>;
  feePaid: boolean;
};
type Ledger = {
  domain: OracleDomain;
  signerOf: SignerOf;
  /** The current set of each domain. */
  sets: Map<number, SignerSet>;
  questions: Map<Hex, ProvenQuestion>;
  markets: Map<Hex, OpenMarket>;
  complain: (log: ProofLog, subject: Hex | null, what: string) => void;
};

/**
 * Replays the contracts from their logs alone: recovers who signed each answer, adds up the weights, works out median
 * or plurality and confidence, then what every position is due at `now` (unix seconds), and compares with what was
 * paid. No finding means: to the unit. `signerOf` answers for each of `signedReports(logs, domain)`.
 */
export function recompute(
  logs: readonly ProofLog[],
  domain: OracleDomain,
  signerOf: SignerOf,
  now: number,
): Recomputed {
  const findings: ProofFinding[] = [];
  const ledger: Ledger = {
    domain,
    signerOf,
    sets: new Map(),
    questions: new Map(),
    markets: new Map(),
    complain: (log, subject, what) => findings.push({ where: `${log.block}:${log.logIndex}`, subject, what }),
  };
  const inOrder = logs.toSorted((a, b) => ascending(a.block, b.block) || ascending(a.logIndex, b.logIndex));
  for (const log of inOrder) replay(ledger, log);
  const markets = [...ledger.markets.values()];
  return {
    findings,
    markets: markets.map((market) => conclude(ledger, market, now)),
    rows: markets.flatMap((market) => payoutRows(ledger, market, now)),
  };
}

function replay(ledger: Ledger, log: ProofLog): void {
  switch (log.event) {
    case "EpochAdvanced":
      ledger.sets.set(
        log.args.domain,
        readEpoch(log, (what) => ledger.complain(log, null, what)),
      );
      break;
    case "Asked":
      ledger.questions.set(
        log.args.question,
        readAsked(log, (what) => ledger.complain(log, log.args.question, what)),
      );
      break;
    case "Answered":
    case "Reopened":
      replayReport(ledger, log);
      break;
    case "Opened":
      replayOpened(ledger, log);
      break;
    default:
      replayMoney(ledger, log);
  }
}

function replayReport(ledger: Ledger, log: LogOf<"Answered"> | LogOf<"Reopened">): void {
  const { question: id } = log.args;
  const complain = (what: string) => ledger.complain(log, id, what);
  const question = ledger.questions.get(id);
  if (!question) return complain("nobody asked this question");
  const { domain, signerOf } = ledger;
  const set = ledger.sets.get(question.terms.domain);
  question.word =
    log.event === "Answered"
      ? checkAnswer(log, question, set, domain, signerOf, complain)
      : checkReopening(log, question, set, domain, signerOf, complain);
}

function replayOpened(ledger: Ledger, log: LogOf<"Opened">): void {
  const { market: id, terms } = log.args;
  const complain = (what: string) => ledger.complain(log, id, what);
  if (marketId(terms) !== id) complain("the terms do not hash to the market");
  if (ledger.markets.has(id)) complain("the market was opened before");
  const question = ledger.questions.get(terms.question);
  if (!question) complain("it rests on a question that nobody asked");
  else if (terms.closesAt > question.terms.opensAt) complain("it takes stakes after its question opens");
  const pools = Array.from({ length: terms.outcomes }, () => 0n as Amount);
  ledger.markets.set(id, { id, terms, pools, positions: new Map(), feePaid: false });
}

function replayMoney(ledger: Ledger, log: LogOf<"Staked"> | LogOf<"Claimed"> | LogOf<"FeeCollected">): void {
  const market = ledger.markets.get(log.args.market);
  const complain = (what: string) => ledger.complain(log, log.args.market, what);
  if (!market) return complain("nobody opened this market");
  if (log.event === "Staked") return replayStake(market, log, complain);

  const result = resultAt(ledger, market, log.at);
  if (result === null) return complain("paid before the answer was final");
  const feeBps = market.terms.feeBps as Bps;
  if (log.event === "FeeCollected") {
    const fee = feeOf(market.pools, result, feeBps);
    if (market.feePaid) complain("the fee was collected before");
    if (log.args.fee !== fee) complain(`the fee is ${fee}, ${log.args.fee} was paid`);
    if (log.args.creator.toLowerCase() !== market.terms.creator.toLowerCase())
      complain(`the fee went to ${log.args.creator}`);
    market.feePaid = true;
    return undefined;
  }
  const { owner, outcome, staked, paid } = log.args;
  const position = market.positions.get(positionKey(outcome, owner));
  if (!position || position.paid !== null) return complain(`${owner} had nothing to claim on ${outcome}`);
  if (position.staked !== staked) complain(`${owner} had staked ${position.staked}, the log says ${staked}`);
  const due = payOut(position, market.pools, result, feeBps);
  if (paid !== due) complain(`${owner} is due ${due} on ${outcome}, ${paid} was paid`);
  position.paid = amount(paid);
  return undefined;
}

function replayStake(
  market: OpenMarket,
  { args, at }: LogOf<"Staked">,
  complain: (what: string) => void,
): void {
  const { owner, outcome } = args;
  const pool = market.pools[outcome];
  if (pool === undefined) return complain(`there is no outcome ${outcome}`);
  if (at >= market.terms.closesAt) complain(`staked at ${at}, closed at ${market.terms.closesAt}`);
  market.pools[outcome] = amount(pool + args.amount);
  const key = positionKey(outcome, owner);
  const before = market.positions.get(key)?.staked ?? 0n;
  market.positions.set(key, { owner, outcome, staked: amount(before + args.amount), paid: null });
  return undefined;
}

const positionKey = (outcome: number, owner: string): string => `${outcome}:${owner.toLowerCase()}`;

function resultAt(ledger: Ledger, market: OpenMarket, now: number): Result | null {
  const question = ledger.questions.get(market.terms.question);
  if (!question) return null;
  const ending = endingOf(question.word, question.terms.deadline, market.terms, market.pools);
  return now >= ending.at ? ending.result : null;
}

function payoutRows(ledger: Ledger, market: OpenMarket, now: number): PayoutRow[] {
  const result = resultAt(ledger, market, now);
  const feeBps = market.terms.feeBps as Bps;
  return [...market.positions.values()].map(({ owner, outcome, staked, paid }) => ({
    market: market.id,
    owner,
    outcome,
    staked,
    due: result === null ? null : payOut({ outcome, staked }, market.pools, result, feeBps),
    paid,
  }));
}

function conclude(ledger: Ledger, market: OpenMarket, now: number): ProvenMarket {
  const { id, terms, pools, feePaid } = market;
  const result = resultAt(ledger, market, now);
  const fee = result === null ? (0n as Amount) : feeOf(pools, result, terms.feeBps as Bps);
  const due = payoutRows(ledger, market, now).map((row) => row.due ?? row.staked);
  const dust = amount(sum(pools) - sum(due) - fee);
  return { market: id, question: terms.question, pools, result, fee, feePaid, dust };
}
