import { type Address, type Amount, amount, ascending, type Bps, type Hex } from "@sooth/kernel";
import {
  bear,
  endReplay,
  type Note,
  noteOn,
  openReplay,
  type OracleReplay,
  type ProofRecord,
  replayLog,
  type SignerOf,
} from "@sooth/oracle/core";
import { feeOf, payOut, type Result, sum } from "../rules/parimutuel.ts";
import { endingOf } from "../status.ts";
import { marketId, type MarketTerms } from "../terms.ts";
import type { OpinionLedger } from "./opinion-ledger.ts";
import { isOfOpinions, type MarketProofDomain, type OpinionLog } from "./opinion-log.ts";
import { openOpinions, replayOpinions } from "./opinions.ts";
import type { LogOf, MarketLog, ProofLog } from "./proof-log.ts";

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
export type Recomputed = ProofRecord & {
  oracle: OracleReplay;
  /** Opinion markets, where their logs were among those that were given. */
  opinions: OpinionLedger;
  markets: ProvenMarket[];
  rows: PayoutRow[];
};

type Position = { owner: Address; outcome: number; staked: Amount; paid: Amount | null };
type OpenMarket = {
  id: Hex;
  terms: MarketTerms;
  pools: Amount[];
  positions: Map<string, Position>;
  feePaid: boolean;
};
type Ledger = { oracle: OracleReplay; markets: Map<Hex, OpenMarket> };

/**
 * Replays the contracts from their logs alone: recovers who signed each answer, adds up the weights, works out median
 * or plurality and confidence, then what every position is due at `now` (unix seconds), and compares with what was
 * paid. No finding means: to the unit. `signerOf` answers for each of `signedStatements(logs, domain)` of the oracle's logs.
 */
export function recompute(
  logs: readonly (ProofLog | OpinionLog)[],
  domain: MarketProofDomain,
  signerOf: SignerOf,
  now: number,
): Recomputed {
  const oracle = openReplay(domain, signerOf);
  const opinions = openOpinions(oracle, domain);
  const ledger: Ledger = { oracle, markets: new Map() };
  const inOrder = logs.toSorted((a, b) => ascending(a.block, b.block) || ascending(a.logIndex, b.logIndex));
  for (const log of inOrder) {
    if (isOfOpinions(log)) replayOpinions(opinions, log);
    else if (isOfMarkets(log)) replayMarket(ledger, log);
    else replayLog(oracle, log);
  }
  endReplay(oracle);
  const markets = [...ledger.markets.values()];
  return {
    oracle,
    opinions,
    lines: oracle.lines,
    findings: oracle.findings,
    markets: markets.map((market) => conclude(ledger, market, now)),
    rows: markets.flatMap((market) => payoutRows(ledger, market, now)),
  };
}

const OF_MARKETS: ReadonlySet<string> = new Set<MarketLog["event"]>([
  "Opened",
  "Staked",
  "Claimed",
  "FeeCollected",
]);
const isOfMarkets = (log: ProofLog): log is MarketLog => OF_MARKETS.has(log.event);

function replayMarket(ledger: Ledger, log: MarketLog): void {
  const note = noteOn(ledger.oracle, log, log.args.market);
  if (log.event === "Opened") return replayOpened(ledger, log, note);
  return replayMoney(ledger, log, note);
}

function replayOpened(ledger: Ledger, log: LogOf<"Opened">, note: Note): void {
  const { market: id, terms: logged } = log.args;
  const terms: MarketTerms = logged;
  if (marketId(terms) === id) note.tell(`market ${id}: its terms hash to it`);
  else note.differ("the terms do not hash to the market");
  if (ledger.markets.has(id)) note.differ("the market was opened before");
  const question = ledger.oracle.questions.get(terms.question);
  if (!question) note.differ("it rests on a question that nobody asked");
  else if (terms.closesAt > question.terms.opensAt) note.differ("it takes stakes after its question opens");
  if (question) bear(ledger.oracle, id, question.id);
  const pools = Array.from({ length: terms.outcomes }, () => 0n as Amount);
  ledger.markets.set(id, { id, terms, pools, positions: new Map(), feePaid: false });
}

function replayMoney(
  ledger: Ledger,
  log: LogOf<"Staked"> | LogOf<"Claimed"> | LogOf<"FeeCollected">,
  note: Note,
): void {
  const market = ledger.markets.get(log.args.market);
  if (!market) return note.differ("nobody opened this market");
  if (log.event === "Staked") return replayStake(market, log, note);

  const result = resultAt(ledger, market, log.at);
  if (result === null) return note.differ("paid before the answer was final");
  const feeBps = market.terms.feeBps as Bps;
  if (log.event === "FeeCollected") {
    if (market.feePaid) note.differ("the fee was collected before");
    note.compare("fee of the creator", feeOf(market.pools, result, feeBps), amount(log.args.fee));
    if (log.args.creator.toLowerCase() !== market.terms.creator.toLowerCase())
      note.differ(`the fee went to ${log.args.creator}`);
    market.feePaid = true;
    return undefined;
  }
  const { owner, outcome, staked, paid } = log.args;
  const position = market.positions.get(positionKey(outcome, owner));
  if (!position || position.paid !== null) return note.differ(`${owner} had nothing to claim on ${outcome}`);
  if (position.staked !== staked)
    note.differ(`${owner} had staked ${position.staked}, the log says ${staked}`);
  const due = payOut(position, market.pools, result, feeBps);
  note.compare(`paid to ${owner} for ${staked} on outcome ${outcome}`, due, amount(paid));
  position.paid = amount(paid);
  return undefined;
}

function replayStake(market: OpenMarket, { args, at }: LogOf<"Staked">, note: Note): void {
  const { owner, outcome } = args;
  const pool = market.pools[outcome];
  if (pool === undefined) return note.differ(`there is no outcome ${outcome}`);
  if (at >= market.terms.closesAt) note.differ(`staked at ${at}, closed at ${market.terms.closesAt}`);
  else note.tell(`${owner} staked ${args.amount} on outcome ${outcome}`);
  market.pools[outcome] = amount(pool + args.amount);
  const key = positionKey(outcome, owner);
  const before = market.positions.get(key)?.staked ?? 0n;
  market.positions.set(key, { owner, outcome, staked: amount(before + args.amount), paid: null });
  return undefined;
}

const positionKey = (outcome: number, owner: string): string => `${outcome}:${owner.toLowerCase()}`;

function resultAt(ledger: Ledger, market: OpenMarket, now: number): Result | null {
  const question = ledger.oracle.questions.get(market.terms.question);
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
