import { type Address, amount, type Amount, at, type Bps, type Hex, takeBps } from "@sooth/kernel";
import { type Note, noteOn, type OracleReplay } from "@sooth/oracle/core";
import { drawOf, holdsUnit } from "../opinions/draw.ts";
import { dueOf, type Ended } from "../opinions/payment.ts";
import type { OpinionEnding } from "../opinions/status.ts";
import { type OpinionTerms, sharesOf } from "../opinions/terms.ts";
import { BANDS, prizeOf, type Shares, type Tally } from "../rules/bands.ts";
import type { MarketProofDomain, OpinionLog } from "./opinion-log.ts";

/** One opinion as the logs have left it. Times are unix seconds. */
export type ProvenOpinion = {
  /** Lower-case. */
  owner: Address;
  /** Null while its stance is hidden. */
  band: number | null;
  /** Where its units begin among those of its band. */
  start: bigint | null;
  amount: Amount;
  /** SHA-256 of the text. */
  opinion: Hex;
  at: number;
  toldAt: number | null;
  isPaid: boolean;
  isShared: boolean;
  /** By claims, without prizes. */
  paid: Amount;
};

export type ProvenOpinions = {
  id: Hex;
  /** Null: nobody announced it, and its stakes can only go back. */
  terms: OpinionTerms | null;
  statement: string | null;
  /** Told stances: staked on each band, and by how many. */
  totals: Amount[];
  counts: number[];
  /** Staked with stances that were hidden, told since or not. */
  hidden: Amount;
  commitments: Map<string, Hex>;
  /** Hidden stances as they were locked, by owner, lower-case; `0x`: he locked nothing. */
  seals: Map<string, Hex>;
  /** By owner, lower-case. */
  opinions: Map<string, ProvenOpinion>;
  ending: OpinionEnding;
  /** Of a void market. */
  why: string | null;
  result: { tally: Tally; confidence: number; at: number } | null;
  /** That draws; 0: nothing is drawn. */
  round: bigint;
  /** What was forfeit by stances that nobody told. */
  untold: Amount;
  prizesPaid: Map<number, { to: Address; paid: Amount }>;
  feePaid: Amount | null;
};

/** The contract of opinion markets, and the oracle that it asks, as their logs alone have left them. */
export type OpinionLedger = {
  oracle: OracleReplay;
  domain: MarketProofDomain;
  markets: Map<Hex, ProvenOpinions>;
};

const NOTHING = 0n as Amount;

/** What the logs say of a market so far. A stake needs no announcement, so this begins with the first log of either. */
export function bookOf({ markets }: Pick<OpinionLedger, "markets">, id: Hex): ProvenOpinions {
  const known = markets.get(id);
  if (known) return known;
  const book: ProvenOpinions = {
    id,
    terms: null,
    statement: null,
    totals: Array.from({ length: BANDS }, () => NOTHING),
    counts: Array.from({ length: BANDS }, () => 0),
    hidden: NOTHING,
    commitments: new Map(),
    seals: new Map(),
    opinions: new Map(),
    ending: "none",
    why: null,
    result: null,
    round: 0n,
    untold: NOTHING,
    prizesPaid: new Map(),
    feePaid: null,
  };
  markets.set(id, book);
  return book;
}

export const noteOf = (ledger: OpinionLedger, log: OpinionLog): Note =>
  noteOn(ledger.oracle, log, log.args.market);

/** Seats an opinion's units behind those of its band. Mirror of `Entering._seat`. */
export function seat(book: ProvenOpinions, opinion: ProvenOpinion, band: number, now: number): void {
  opinion.start = at(book.totals, band);
  opinion.band = band;
  opinion.toldAt = now;
  book.totals[band] = amount(at(book.totals, band) + opinion.amount);
  book.counts[band] = at(book.counts, band) + 1;
}

/** Staked with a stance, and by how many. */
export const toldOf = ({ totals, counts }: ProvenOpinions): { total: Amount; count: number } => ({
  total: amount(totals.reduce((all, one) => all + one, 0n)),
  count: counts.reduce((all, one) => all + one, 0),
});

/* MONEY */

const NO_SHARES: Shares = { rule: "linear", feeBps: 0 as Bps, prizeBps: 0 as Bps, prizes: 1 };

/** What claims are reckoned from. */
export const endedOf = ({ ending, terms, result, untold }: ProvenOpinions): Ended => ({
  ending,
  shares: terms ? sharesOf(terms) : NO_SHARES,
  tally: result?.tally ?? null,
  untold,
});

export const dueNow = (book: ProvenOpinions, { band, amount: staked, isPaid, isShared }: ProvenOpinion) =>
  dueOf({ band, amount: staked, paid: isPaid, shared: isShared }, endedOf(book));

export type ProvenPrize = {
  prize: number;
  band: number;
  offset: bigint;
  /** Null: the unit is nobody's, which the logs cannot be right with. */
  winner: Address | null;
  amount: Amount;
  paidTo: Address | null;
};

/** Where each prize fell; empty while its round has no seed, or where nothing is drawn. */
export function prizesOf(book: ProvenOpinions, seeds: ReadonlyMap<bigint, Hex>): ProvenPrize[] {
  const { id: market, terms, result, ending, round } = book;
  const seed = seeds.get(round);
  if (ending !== "scored" || round === 0n || seed === undefined || !terms || !result) return [];
  const shares = sharesOf(terms);
  return Array.from({ length: terms.prizes }, (_, prize) => {
    const unit = drawOf({ seed, market, prize }, book.totals, shares.rule, result.tally);
    const winner = [...book.opinions.values()].find(
      ({ band, start, amount: staked }) =>
        band !== null && start !== null && holdsUnit({ band, start, amount: staked }, unit),
    );
    const paidTo = book.prizesPaid.get(prize)?.to ?? null;
    const worth = prizeOf(result.tally.total, shares);
    return { prize, ...unit, winner: winner?.owner ?? null, amount: worth, paidTo };
  });
}

export const feeOfOpinions = ({ terms, result }: ProvenOpinions): Amount =>
  terms && result ? takeBps(result.tally.total, terms.feeBps) : NOTHING;

/** What came in, what went out, and what may still be claimed now, all in units of collateral. */
export type MoneyOfMarket = {
  staked: Amount;
  paid: Amount;
  prizesPaid: Amount;
  feePaid: Amount;
  owed: Amount;
  /** In, less what went out and what is owed: what rounding down has left. Negative: the market cannot pay. */
  rest: bigint;
};

const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n) as Amount;

export function moneyOf(book: ProvenOpinions): MoneyOfMarket {
  const { ending, terms, result, prizesPaid, feePaid } = book;
  const opinions = [...book.opinions.values()];
  const staked = sum(opinions.map((one) => one.amount));
  const paid = sum(opinions.map((one) => one.paid));
  const drawn = sum([...prizesPaid.values()].map((one) => one.paid));
  const fee = feePaid ?? NOTHING;
  const undecided = ending === "none" ? staked : sum(opinions.map((one) => dueNow(book, one)));
  const isScored = ending === "scored" || ending === "undrawn";
  const feeOwed = isScored && feePaid === null ? feeOfOpinions(book) : 0n;
  const prizesOwed =
    ending === "scored" && terms && result && terms.prizeBps !== 0
      ? prizeOf(result.tally.total, sharesOf(terms)) * BigInt(terms.prizes - prizesPaid.size)
      : 0n;
  const owed = sum([undecided, feeOwed, prizesOwed]);
  return { staked, paid, prizesPaid: drawn, feePaid: fee, owed, rest: staked - paid - drawn - fee - owed };
}
