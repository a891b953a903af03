import { type Address, type Amount, at, type Hex, takeBps } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Opinion, prizeOf, RULES, scoreOf, tally, totalsOf, weightOfAll } from "../rules/bands.ts";
import { drawOf, holdsUnit, type Seat } from "./draw.ts";
import { opinionDigest } from "./intent.ts";
import { dueOf, type Ended } from "./payment.ts";
import { HIDDEN_BAND, isHidden, opinionMarketId, type OpinionTerms, sharesOf } from "./terms.ts";

/** Cases that contracts/test/markets/opinions/OpinionsVectors.t.sol puts to the contract itself. */
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../../../vectors/${name}`, import.meta.url), "utf8")) as T;

type Terms = Omit<OpinionTerms, "rule" | "leastStake" | "mostStake" | "quietMost"> & {
  rule: number;
  leastStake: string;
  mostStake: string;
  quietMost: string;
};
const termsOf = (terms: Terms): OpinionTerms => ({
  ...terms,
  rule: at(RULES, terms.rule),
  leastStake: BigInt(terms.leastStake) as Amount,
  mostStake: BigInt(terms.mostStake) as Amount,
  quietMost: BigInt(terms.quietMost) as Amount,
});

type Payment = {
  terms: Terms;
  market: Hex;
  bands: number[];
  amounts: string[];
  answer: number;
  seed: Hex;
  isVoid: boolean;
  score: number;
  total: string;
  fee: string;
  prize: string;
  drawnBands: number[];
  drawnOffsets: string[];
  winners: number[];
  pays: string[];
  undrawnPays: string[];
};
const payments = read<{ cases: Payment[] }>("opinion-payments.json").cases;

test("there are cases, of all rules, of hidden stances and of void markets", () => {
  expect(payments).toHaveLength(40);
  expect(new Set(payments.map(({ terms }) => terms.rule)).size).toBe(RULES.length);
  expect(payments.some(({ isVoid }) => isVoid)).toBe(true);
  expect(payments.some(({ bands, isVoid }) => !isVoid && bands.includes(HIDDEN_BAND))).toBe(true);
});

test.each(payments.map((one, index) => [index, one] as const))(
  "case %i pays to the unit what the contract pays",
  (_, one) => {
    const terms = termsOf(one.terms);
    const shares = sharesOf(terms);
    expect(opinionMarketId(terms)).toBe(one.market);
    const stakes = one.bands.map((band, index) => ({
      band,
      amount: BigInt(at(one.amounts, index)) as Amount,
    }));
    const told = stakes.filter(({ band }) => band !== HIDDEN_BAND);
    const totals = totalsOf(told);
    const ended = tally(totals, scoreOf(BigInt(one.answer)), terms.rule);
    expect(weightOfAll(terms.rule, ended) === 0n).toBe(one.isVoid);
    const hidden = stakes.reduce((all, { amount }) => all + amount, 0n);
    const untold = (isHidden(terms) ? hidden - ended.total : 0n) as Amount;
    const due = (ending: Ended["ending"]) =>
      stakes.map(({ band, amount }) =>
        String(
          dueOf(
            { band: band === HIDDEN_BAND ? null : band, amount, paid: false, shared: false },
            { ending, shares, tally: ending === "void" ? null : ended, untold },
          ),
        ),
      );
    expect(due(one.isVoid ? "void" : "scored")).toEqual(one.pays);
    if (one.isVoid) return;
    expect(ended.score).toBe(one.score);
    expect(String(ended.total)).toBe(one.total);
    expect(String(takeBps(ended.total, terms.feeBps))).toBe(one.fee);
    expect(String(prizeOf(ended.total, shares))).toBe(one.prize);
    expect(due("undrawn")).toEqual(one.undrawnPays);
    const seats = seatsOf(stakes);
    const units = one.winners.map((__, prize) =>
      drawOf({ seed: one.seed, market: one.market, prize }, totals, terms.rule, ended),
    );
    expect(units.map(({ band }) => band)).toEqual(one.drawnBands);
    expect(units.map(({ offset }) => String(offset))).toEqual(one.drawnOffsets);
    expect(units.map((unit) => seats.findIndex((seat) => holdsUnit(seat, unit)))).toEqual(one.winners);
  },
);

/** In each band one behind the other, as they came. */
const seatsOf = (stakes: readonly Opinion[]): Seat[] =>
  stakes.map(({ band, amount }, index) => ({
    band,
    amount,
    start: stakes.slice(0, index).reduce((sum, one) => (one.band === band ? sum + one.amount : sum), 0n),
  }));

test("what stakers sign has the digest that the contract reckons", () => {
  const { domain, cases } = read<{
    domain: { chainId: number; verifyingContract: Address };
    cases: (Terms & { id: Hex; intent: Intent })[];
  }>("opinions.json");
  expect(cases).toHaveLength(24);
  for (const { id, intent } of cases) {
    const { digest, ...signed } = intent;
    const said = {
      ...signed,
      market: id,
      amount: BigInt(signed.amount) as Amount,
      nonce: BigInt(signed.nonce),
    };
    expect(opinionDigest({ chainId: domain.chainId, opinions: domain.verifyingContract }, said)).toBe(digest);
  }
});

type Intent = {
  band: number;
  amount: string;
  opinion: Hex;
  commitment: Hex;
  owner: Address;
  nonce: string;
  deadline: number;
  sealed: Hex;
  digest: Hex;
};
