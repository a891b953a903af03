import type { opinionsAbi } from "@sooth/abi";
import {
  type Address,
  amount,
  type Amount,
  at,
  type Bps,
  type Hex,
  sameAddress,
  takeBps,
} from "@sooth/kernel";
import {
  BANDS,
  drawOf,
  holdsUnit,
  opinionMarketId,
  type OpinionTerms,
  payOf,
  prizeOf,
  RULES,
  scoreOf,
  sharesOf,
  tally,
  type Tally,
  textHash,
  totalsOf,
  weightOfAll,
} from "@sooth/markets/core";
import type { DecodedLog } from "@sooth/oracle/core";

export type OpinionLog = DecodedLog<typeof opinionsAbi>;
type LogOf<E extends OpinionLog["event"]> = Extract<OpinionLog, { event: E }>;

export type Position = {
  owner: Address;
  band: number;
  /** Where its units begin among those of the band. */
  start: bigint;
  amount: Amount;
  opinion: Hex;
  /** Null while the market has not ended. */
  due: Amount | null;
  paid: Amount | null;
};
export type Prize = { prize: number; winner: Address | null; amount: Amount; paidTo: Address | null };
export type Reckoned = {
  market: Hex;
  question: Hex;
  statement: string;
  terms: OpinionTerms;
  ending: "none" | "void" | "scored";
  score: number | null;
  round: bigint;
  positions: Position[];
  prizes: Prize[];
  fee: Amount;
  feePaid: Amount | null;
  /** What the contract still holds of it. */
  held: bigint;
  /** What the logs say otherwise than the formulas. */
  wrong: string[];
  /** What is due and was not paid. */
  left: string[];
};
/** What the markets rest on: final answers by question, seeds of the beacon by round. */
export type Facts = {
  answerOf(question: Hex): { value: bigint; confidence: number } | null;
  seedOf(round: bigint): Hex | null;
};

const NOTHING = 0n as Amount;

/** Every market with open stances, worked out again from its logs: what each is due, and where a log says anything else. Pure. */
export function reckonMarkets(logs: readonly OpinionLog[], facts: Facts): Reckoned[] {
  const markets = new Map<Hex, Reckoned>();
  for (const log of logs) {
    if (log.event === "Announced") {
      announced(markets, log);
      continue;
    }
    if (!("market" in log.args)) continue;
    const market = markets.get(log.args.market);
    if (market) replay(market, log, facts);
    else throw new RangeError(`${log.event} of ${log.args.market}, which nobody announced`);
  }
  for (const market of markets.values()) market.left = unpaid(market, facts);
  return [...markets.values()];
}

function announced(markets: Map<Hex, Reckoned>, { args }: LogOf<"Announced">): void {
  const { market, question, statement, terms: logged } = args;
  const terms: OpinionTerms = {
    ...logged,
    feeBps: logged.feeBps as Bps,
    prizeBps: logged.prizeBps as Bps,
    rule: at(RULES, logged.rule),
    leastStake: amount(BigInt(logged.leastStake)),
    mostStake: amount(BigInt(logged.mostStake)),
    quietMost: amount(BigInt(logged.quietMost)),
  };
  const wrong = [
    ...(opinionMarketId(terms) === market ? [] : ["its terms do not hash to it"]),
    ...(textHash(statement) === terms.statement ? [] : ["its statement is not the one of its terms"]),
    ...(terms.question === question ? [] : ["its question is not the one of its terms"]),
    ...(markets.has(market) ? ["it was announced before"] : []),
  ];
  markets.set(market, {
    market,
    question,
    statement,
    terms,
    ending: "none",
    score: null,
    round: 0n,
    positions: [],
    prizes: [],
    fee: NOTHING,
    feePaid: null,
    held: 0n,
    wrong,
    left: [],
  });
}

function replay(market: Reckoned, log: OpinionLog, facts: Facts): void {
  const differ = (what: string) => void market.wrong.push(`log ${log.block}:${log.logIndex}: ${what}`);
  const compare = (what: string, wanted: bigint | number, found: bigint | number) => {
    if (BigInt(wanted) !== BigInt(found)) differ(`${what} is ${found}, worked out it is ${wanted}`);
  };
  switch (log.event) {
    case "Staked":
      return staked(market, log, differ);
    case "Scored":
      return scored(market, log, facts, compare);
    case "Voided":
      if (market.ending !== "none") differ("it had ended before");
      market.ending = "void";
      for (const position of market.positions) position.due = position.amount;
      return undefined;
    case "Claimed": {
      const { owner, paid } = log.args;
      const position = market.positions.find((one) => sameAddress(one.owner, owner));
      if (!position || position.due === null || position.paid !== null)
        return differ(`${owner} had nothing to claim`);
      compare(`what ${owner} is paid`, position.due, paid);
      position.paid = amount(paid);
      market.held -= paid;
      return undefined;
    }
    case "PrizePaid":
      return prizePaid(market, log, { facts, differ, compare });
    case "FeeCollected": {
      if (market.feePaid !== null) differ("the fee was collected before");
      compare("the fee", market.fee, log.args.fee);
      if (!sameAddress(log.args.creator, market.terms.creator)) differ(`the fee went to ${log.args.creator}`);
      market.feePaid = amount(log.args.fee);
      market.held -= log.args.fee;
      return undefined;
    }
    case "Rearmed":
      market.round = log.args.round;
      return undefined;
    default:
      return differ(`${log.event} is nothing that a market of open stances comes to while its beacon speaks`);
  }
}

function staked(market: Reckoned, { args, at: when }: LogOf<"Staked">, differ: (what: string) => void): void {
  const { owner, band, opinion } = args;
  if (when >= market.terms.closesAt) differ(`${owner} staked when it was closed`);
  if (band >= BANDS) return differ(`${owner} staked on band ${band}`);
  if (market.positions.some((one) => sameAddress(one.owner, owner))) return differ(`${owner} staked twice`);
  const units = amount(BigInt(args.amount));
  const start = market.positions.reduce((sum, one) => (one.band === band ? sum + one.amount : sum), 0n);
  market.positions.push({ owner, band, start, amount: units, opinion, due: null, paid: null });
  market.held += units;
  return undefined;
}

type Compare = (what: string, wanted: bigint | number, found: bigint | number) => void;

function scored(market: Reckoned, { args }: LogOf<"Scored">, facts: Facts, compare: Compare): void {
  const answer = facts.answerOf(market.question);
  const ended = tallyOf(market, args.score);
  compare("score", answer === null ? -1 : scoreOf(answer.value), args.score);
  compare("confidence", answer?.confidence ?? -1, args.confidence);
  compare("what is staked", ended.total, args.total);
  compare("number of opinions", market.positions.length, args.count);
  compare("number of earlier endings", 0, market.ending === "none" ? 0 : 1);
  const shares = sharesOf(market.terms);
  market.ending = "scored";
  market.score = args.score;
  market.round = args.round;
  market.fee = takeBps(ended.total, shares.feeBps);
  for (const position of market.positions) position.due = payOf(position, shares, ended);
  const each = shares.prizeBps === 0 ? NOTHING : prizeOf(ended.total, shares);
  market.prizes = Array.from({ length: each === 0n ? 0 : shares.prizes }, (_, prize) => ({
    prize,
    winner: null,
    amount: each,
    paidTo: null,
  }));
}

const tallyOf = ({ positions, terms }: Reckoned, score: number): Tally =>
  tally(totalsOf(positions), score, terms.rule);

/** On whose units the draw fell; null while the round has no seed, or where there is nothing to draw. */
function winnerOf(market: Reckoned, prize: number, { seedOf }: Facts): Address | null {
  const seed = seedOf(market.round);
  if (seed === null || market.score === null) return null;
  const { rule } = market.terms;
  const ended = tallyOf(market, market.score);
  if (weightOfAll(rule, ended) === 0n) return null;
  const unit = drawOf({ seed, market: market.market, prize }, totalsOf(market.positions), rule, ended);
  return market.positions.find((position) => holdsUnit(position, unit))?.owner ?? null;
}

function prizePaid(
  market: Reckoned,
  { args }: LogOf<"PrizePaid">,
  { facts, differ, compare }: { facts: Facts; differ: (what: string) => void; compare: Compare },
): void {
  const prize = market.prizes[Number(args.prize)];
  if (!prize) return differ(`there is no prize ${args.prize}`);
  if (prize.paidTo !== null) differ(`prize ${args.prize} was paid before`);
  const winner = winnerOf(market, prize.prize, facts);
  if (winner === null || !sameAddress(winner, args.owner))
    differ(`prize ${args.prize} went to ${args.owner}, drawn was ${winner ?? "nobody"}`);
  compare(`prize ${args.prize}`, prize.amount, args.paid);
  Object.assign(prize, { winner, paidTo: args.owner });
  market.held -= args.paid;
  return undefined;
}

function unpaid(market: Reckoned, facts: Facts): string[] {
  if (market.ending === "none") return ["it has not ended"];
  const owed = market.positions.filter(({ due, paid }) => due !== null && due > 0n && paid === null);
  const prizes = market.prizes.filter(({ paidTo }) => paidTo === null);
  return [
    ...owed.map(({ owner, due }) => `${owner} is due ${due}`),
    ...prizes.map((one) => `prize ${one.prize} of ${winnerOf(market, one.prize, facts) ?? "somebody"}`),
    ...(market.fee > 0n && market.feePaid === null ? [`its fee of ${market.fee}`] : []),
  ];
}
