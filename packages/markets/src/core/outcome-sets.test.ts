import { at, BPS, type Hex, need } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  bookAfter,
  bookAfterConversion,
  NO_SETS,
  outcomeOfToken,
  owedOn,
  questionKeyOf,
  questionsOf,
  type SetBook,
  type SetShares,
  shareOfOutcome,
  type TokenMove,
} from "./outcome-sets.ts";
import { bpsShare, redeemed, settledAs } from "./outcomes.ts";

const NOBODY: Hex = `0x${"0".repeat(40)}`;
const person = (index: number): Hex => `0x${String(index + 1).repeat(40)}`;
const QUESTION: Hex = `0x${"5a".repeat(31)}7f`;
const YES = BigInt(questionKeyOf(BigInt(QUESTION)));
const twoSides = (yesBps: bigint): SetShares => ({ outcomes: 1n, share: bpsShare(yesBps) });

/** OutcomeTokens as far as it moves money, told in logs. Collateral that moves is a log too, of another contract. */
class Contract {
  #logIndex = 0;
  #block = 1;
  #held = new Map<string, [bigint, bigint]>();
  book: SetBook = NO_SETS;
  /** What it holds: what is really paid in and out. */
  collateral = 0n;
  logs: TokenMove[] = [];
  readonly count: number;

  constructor(count = 1) {
    this.count = count;
  }
  of(owner: Hex, outcome = 0): [bigint, bigint] {
    const held = this.#held.get(`${owner}${outcome}`) ?? [0n, 0n];
    this.#held.set(`${owner}${outcome}`, held);
    return held;
  }
  #move(sender: Hex, receiver: Hex, side: 0 | 1, amount: bigint, outcome = 0): void {
    if (sender !== NOBODY) this.of(sender, outcome)[side] -= amount;
    if (receiver !== NOBODY) this.of(receiver, outcome)[side] += amount;
    this.logs.push({
      block: this.#block,
      logIndex: this.#logIndex++,
      id: YES | BigInt(2 * outcome + side),
      sender,
      receiver,
      amount,
    });
  }
  #paid(amount: bigint, into = false): void {
    if (amount !== 0n) this.#logIndex += 1;
    this.collateral += into ? amount : -amount;
  }
  #matched(): void {
    this.told();
    const told = { block: this.#block, logIndex: this.#logIndex++, what: "match", logs: 2 } as const;
    this.book = { ...this.book, told };
  }
  nextBlock(): void {
    this.#block += 1;
    this.#logIndex = 0;
  }
  split(owner: Hex, amount: bigint, outcome = 0): void {
    this.#move(NOBODY, owner, 0, amount, outcome);
    this.#move(NOBODY, owner, 1, amount, outcome);
    this.#paid(amount, true);
  }
  merge(owner: Hex, amount: bigint, outcome = 0): void {
    this.#move(owner, NOBODY, 0, amount, outcome);
    this.#move(owner, NOBODY, 1, amount, outcome);
    this.#paid(amount);
  }
  twoBuyers(yes: Hex, no: Hex, amount: bigint, outcome = 0): void {
    this.#matched();
    this.#move(NOBODY, no, 1, amount, outcome);
    this.#move(NOBODY, yes, 0, amount, outcome);
    this.#paid(amount, true);
  }
  /** `first` is the taker's side, whose tokens go first. */
  twoSellers(yes: Hex, no: Hex, amount: bigint, first: 0 | 1, outcome = 0): void {
    this.#matched();
    for (const side of first === 0 ? ([0, 1] as const) : ([1, 0] as const))
      this.#move(side === 0 ? yes : no, NOBODY, side, amount, outcome);
    this.#paid(amount);
  }
  trade(seller: Hex, buyer: Hex, side: 0 | 1, amount: bigint, outcome = 0): void {
    this.#matched();
    this.#move(seller, buyer, side, amount, outcome);
    this.#logIndex += 1;
  }
  /** No of the named outcomes becomes yes of the others; none named: yes of all is made, or given back. */
  convert(owner: Hex, named: readonly number[], amount: bigint, back = false): void {
    this.told();
    const paid = amount * BigInt(named.length > 0 ? named.length - 1 : back ? 1 : -1);
    const conversion = { block: this.#block, logIndex: this.#logIndex++, count: this.count, paid };
    this.book = bookAfterConversion(this.book, conversion);
    for (let outcome = 0; outcome < this.count; outcome++) {
      if (named.includes(outcome)) this.#move(owner, NOBODY, 1, amount, outcome);
      else if (back) this.#move(owner, NOBODY, 0, amount, outcome);
      else this.#move(NOBODY, owner, 0, amount, outcome);
    }
    this.#paid(paid < 0n ? -paid : paid, paid < 0n);
  }
  settle(result: SetShares): void {
    this.told();
    this.#logIndex += 1;
    this.book = { ...this.book, result };
  }
  redeem(owner: Hex, outcomes: readonly number[] = [0]): void {
    let paid = 0n;
    const result = need(this.book.result, "a result");
    for (const outcome of outcomes) {
      const [yes, no] = [...this.of(owner, outcome)] as [bigint, bigint];
      if (yes !== 0n) this.#move(owner, NOBODY, 0, yes, outcome);
      if (no !== 0n) this.#move(owner, NOBODY, 1, no, outcome);
      paid += redeemed({ yes, no }, shareOfOutcome(result, outcome));
    }
    this.#paid(paid);
  }
  /** The logs so far are worked into the book. */
  told(): SetBook {
    this.book = bookAfter(this.book, this.logs.splice(0));
    return this.book;
  }
}

const balanced = (contract: Contract) => {
  const book = contract.told();
  expect(book.putIn - book.paidOut).toBe(contract.collateral);
  expect(owedOn(book)).toBeLessThanOrEqual(contract.collateral);
  if (book.result === null) {
    expect(owedOn(book)).toBe(contract.collateral);
    // As much whichever outcome is the answer; with one outcome, also where it is not.
    const no = book.sets.reduce((sum, supply) => sum + supply.no, 0n);
    for (let answer = 0; answer < contract.count; answer++) {
      const { yes = 0n, no: its = 0n } = book.sets[answer] ?? {};
      expect(no + yes - its).toBe(contract.collateral);
    }
  }
  return book;
};

test("until a question is settled its sets are owed whole, whoever holds them", () => {
  const contract = new Contract();
  contract.split(person(0), 1_000_001n);
  contract.twoBuyers(person(1), person(2), 333n);
  expect(owedOn(balanced(contract))).toBe(1_000_334n);
  contract.trade(person(0), person(3), 0, 500n);
  contract.merge(person(0), 400n);
  contract.twoSellers(person(3), person(2), 100n, 1);
  expect(owedOn(balanced(contract))).toBe(1_000_334n - 500n);
});

test.each([
  ["wins", BPS, 100n],
  ["loses", 0n, 40n],
  ["is worth a half: void", 5_000n, 70n],
  ["is worth a third: down, once", 3_333n, 59n],
])("settled, where yes %s, what tokens are worth is owed", (_, yesBps, owed) => {
  const contract = new Contract();
  contract.split(person(0), 100n);
  contract.settle(twoSides(yesBps));
  // He keeps a hundred yes and forty no.
  contract.trade(person(0), person(1), 1, 60n);
  contract.redeem(person(1));
  expect(owedOn(balanced(contract))).toBe(owed);
  contract.redeem(person(0));
  const book = balanced(contract);
  expect([book.sets, owedOn(book)]).toEqual([[{ yes: 0n, no: 0n }], 0n]);
  // Of each redemption less than a unit is left.
  expect(contract.collateral).toBeLessThan(2n);
});

test("what one burns right after another is told apart: a match of two sellers, and two redemptions of less than a unit", () => {
  const [sellers, redeemers] = [new Contract(), new Contract()];
  for (const contract of [sellers, redeemers]) {
    contract.split(person(0), 3n);
    contract.settle(twoSides(3_333n));
    contract.trade(person(0), person(1), 0, 1n);
    contract.trade(person(0), person(2), 1, 1n);
    contract.nextBlock();
  }
  sellers.twoSellers(person(1), person(2), 1n, 0);
  expect(balanced(sellers).paidOut).toBe(1n);
  redeemers.redeem(person(1));
  redeemers.redeem(person(2));
  expect(balanced(redeemers).paidOut).toBe(0n);
  // Both had a yes and a no burnt in two logs in a row.
  expect(sellers.book.sets).toEqual(redeemers.book.sets);
});

const least = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((one, other) => (other < one ? other : one), at(amounts, 0));

test.each([1, 3, 7])("whatever anybody does, the book is the money: 200 lives, %i outcomes", (count) => {
  let seed = 7n;
  const random = (below: number): number => {
    seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return Number((seed >> 33n) % BigInt(below));
  };
  const bounds = { aggregation: "plurality", min: 0n, max: BigInt(count - 1) } as const;
  for (let life = 0; life < 200; life++) {
    const contract = new Contract(count);
    const all = Array.from({ length: count }, (_, index) => index);
    const upTo = (most: bigint): bigint => (most === 0n ? 0n : 1n + BigInt(random(Number(most))));
    for (let step = 0; step < 60; step++) {
      const [one, other] = [person(random(4)), person(random(4))];
      // Of two sides also what is no outcome of theirs: it is never the answer.
      const outcome = random(count === 1 ? 2 : count);
      const has = contract.of(one, outcome);
      const set = least(has);
      const meets = least([has[0], contract.of(other, outcome)[1]]);
      const side = random(2) === 0 ? 0 : 1;
      const isOpen = contract.book.result === null;
      const act = random(10);
      if (act === 0 && isOpen) contract.split(one, upTo(40n), outcome);
      if (act === 1 && set > 0n) contract.merge(one, upTo(set), outcome);
      if (act === 2) contract.twoBuyers(one, other, upTo(40n), outcome);
      if (act === 3 && meets > 0n) contract.twoSellers(one, other, upTo(meets), side, outcome);
      if (act === 4 && has[side] > 0n) contract.trade(one, other, side, upTo(has[side]), outcome);
      if (act === 5 && step > 20 && isOpen)
        contract.settle(
          count === 1
            ? twoSides(BigInt(random(10_001)))
            : settledAs(
                random(3) === 0 ? { kind: "invalid" } : { kind: "answered", value: BigInt(random(count)) },
                bounds,
              ),
        );
      if (act === 6 && !isOpen) contract.redeem(one, random(2) === 0 ? [outcome] : all);
      if (count > 1) {
        const named = all.filter((index) => contract.of(one, index)[1] > 0n && random(3) > 0);
        const most = named.map((index) => contract.of(one, index)[1]);
        if (act === 7 && named.length > 0) contract.convert(one, named, upTo(least(most)));
        if (act === 8 && isOpen) contract.convert(one, [], upTo(40n));
        const yes = least(all.map((index) => contract.of(one, index)[0]));
        if (act === 9 && yes > 0n) contract.convert(one, [], upTo(yes), true);
      }
      if (random(3) === 0) contract.nextBlock();
      if (random(2) === 0) balanced(contract);
    }
    const { putIn, paidOut } = balanced(contract);
    expect(putIn - paidOut).toBe(contract.collateral);
  }
});

test("no of all outcomes of a choice without an answer is owed all that is there, and no more", () => {
  const contract = new Contract(3);
  for (const outcome of [0, 1, 2]) contract.split(person(0), 100n, outcome);
  contract.convert(person(0), [], 100n, true);
  expect(contract.collateral).toBe(200n);
  balanced(contract);
  contract.settle(settledAs({ kind: "invalid" }, { aggregation: "plurality", min: 0n, max: 2n }));
  // Two thirds of a hundred, three times, each down.
  expect(owedOn(balanced(contract))).toBe(198n);
});

test("tokens of an open question that are burnt alone are no log of this contract", () => {
  const move = { block: 1, logIndex: 0, id: YES, sender: person(0), receiver: NOBODY, amount: 5n };
  expect(() => bookAfter({ ...NO_SETS, sets: [{ yes: 5n, no: 5n }] }, [move])).toThrow(
    "burnt alone, log 1:0",
  );
});

test("a key is the question but for its lowest six bits", () => {
  expect(questionsOf(questionKeyOf(BigInt(QUESTION)))).toContain(QUESTION);
  expect(questionKeyOf(YES | 63n)).toBe(questionKeyOf(YES));
  expect(questionKeyOf(YES + 64n)).not.toBe(questionKeyOf(YES));
  expect(at(questionsOf(questionKeyOf(1n)), 0)).toBe(`0x${"0".repeat(64)}`);
  expect([outcomeOfToken(YES), outcomeOfToken(YES | 1n), outcomeOfToken(YES | 62n)]).toEqual([0, 0, 31]);
});
