import { at, BPS, type Hex, need } from "@sooth/kernel";
import { expect, test } from "vitest";
import {
  bookAfter,
  NO_SETS,
  owedOn,
  pairOf,
  questionsOf,
  type SetBook,
  type TokenMove,
} from "./outcome-sets.ts";

const NOBODY: Hex = `0x${"0".repeat(40)}`;
const person = (index: number): Hex => `0x${String(index + 1).repeat(40)}`;
const QUESTION: Hex = `0x${"5a".repeat(31)}5b`;
const YES = BigInt(pairOf(BigInt(QUESTION)));

/** OutcomeTokens as far as it moves money, told in logs. Collateral that moves is a log too, of another contract. */
class Contract {
  #logIndex = 0;
  #block = 1;
  #held = new Map<Hex, [bigint, bigint]>();
  book: SetBook = NO_SETS;
  /** What it holds: what is really paid in and out. */
  collateral = 0n;
  logs: TokenMove[] = [];

  of(owner: Hex): [bigint, bigint] {
    const held = this.#held.get(owner) ?? [0n, 0n];
    this.#held.set(owner, held);
    return held;
  }
  #move(sender: Hex, receiver: Hex, side: 0 | 1, amount: bigint): void {
    if (sender !== NOBODY) this.of(sender)[side] -= amount;
    if (receiver !== NOBODY) this.of(receiver)[side] += amount;
    this.logs.push({
      block: this.#block,
      logIndex: this.#logIndex++,
      id: YES | BigInt(side),
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
    this.book = { ...this.book, matched: { block: this.#block, logIndex: this.#logIndex++ } };
  }
  nextBlock(): void {
    this.#block += 1;
    this.#logIndex = 0;
  }
  split(owner: Hex, amount: bigint): void {
    this.#move(NOBODY, owner, 0, amount);
    this.#move(NOBODY, owner, 1, amount);
    this.#paid(amount, true);
  }
  merge(owner: Hex, amount: bigint): void {
    this.#move(owner, NOBODY, 0, amount);
    this.#move(owner, NOBODY, 1, amount);
    this.#paid(amount);
  }
  twoBuyers(yes: Hex, no: Hex, amount: bigint): void {
    this.#matched();
    this.#move(NOBODY, no, 1, amount);
    this.#move(NOBODY, yes, 0, amount);
    this.#paid(amount, true);
  }
  /** `first` is the taker's side, whose tokens go first. */
  twoSellers(yes: Hex, no: Hex, amount: bigint, first: 0 | 1): void {
    this.#matched();
    for (const side of first === 0 ? ([0, 1] as const) : ([1, 0] as const))
      this.#move(side === 0 ? yes : no, NOBODY, side, amount);
    this.#paid(amount);
  }
  trade(seller: Hex, buyer: Hex, side: 0 | 1, amount: bigint): void {
    this.#matched();
    this.#move(seller, buyer, side, amount);
    this.#logIndex += 1;
  }
  settle(yesBps: bigint): void {
    this.told();
    this.#logIndex += 1;
    this.book = { ...this.book, yesBps };
  }
  redeem(owner: Hex): void {
    const [yes, no] = [...this.of(owner)] as [bigint, bigint];
    if (yes !== 0n) this.#move(owner, NOBODY, 0, yes);
    if (no !== 0n) this.#move(owner, NOBODY, 1, no);
    const { yesBps } = this.book;
    this.#paid((yes * need(yesBps, "a share") + no * (BPS - need(yesBps, "a share"))) / BPS);
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
  if (book.yesBps === null) expect([book.yes, book.no]).toEqual([contract.collateral, contract.collateral]);
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
  contract.settle(yesBps);
  // He keeps a hundred yes and forty no.
  contract.trade(person(0), person(1), 1, 60n);
  contract.redeem(person(1));
  expect(owedOn(balanced(contract))).toBe(owed);
  contract.redeem(person(0));
  const book = balanced(contract);
  expect([book.yes, book.no, owedOn(book)]).toEqual([0n, 0n, 0n]);
  // Of each redemption less than a unit is left.
  expect(contract.collateral).toBeLessThan(2n);
});

test("what one burns right after another is told apart: a match of two sellers, and two redemptions of less than a unit", () => {
  const [sellers, redeemers] = [new Contract(), new Contract()];
  for (const contract of [sellers, redeemers]) {
    contract.split(person(0), 3n);
    contract.settle(3_333n);
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
  expect([sellers.book.yes, sellers.book.no]).toEqual([redeemers.book.yes, redeemers.book.no]);
});

test("whatever anybody does, the book is the money: 300 lives", () => {
  let seed = 7n;
  const random = (below: number): number => {
    seed = (seed * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & ((1n << 64n) - 1n);
    return Number((seed >> 33n) % BigInt(below));
  };
  for (let life = 0; life < 300; life++) {
    const contract = new Contract();
    const upTo = (most: bigint): bigint => (most === 0n ? 0n : 1n + BigInt(random(Number(most))));
    for (let step = 0; step < 60; step++) {
      const [one, other] = [person(random(4)), person(random(4))];
      const has = contract.of(one);
      const set = has[0] < has[1] ? has[0] : has[1];
      const meets = has[0] < contract.of(other)[1] ? has[0] : contract.of(other)[1];
      const side = random(2) === 0 ? 0 : 1;
      const act = random(7);
      if (act === 0 && contract.book.yesBps === null) contract.split(one, upTo(40n));
      if (act === 1 && set > 0n) contract.merge(one, upTo(set));
      if (act === 2) contract.twoBuyers(one, other, upTo(40n));
      if (act === 3 && meets > 0n) contract.twoSellers(one, other, upTo(meets), side);
      if (act === 4 && has[side] > 0n) contract.trade(one, other, side, upTo(has[side]));
      if (act === 5 && step > 20 && contract.book.yesBps === null) contract.settle(BigInt(random(10_001)));
      if (act === 6 && contract.book.yesBps !== null && has[0] + has[1] > 0n) contract.redeem(one);
      if (random(3) === 0) contract.nextBlock();
      if (random(2) === 0) balanced(contract);
    }
    const { putIn, paidOut } = balanced(contract);
    expect(putIn - paidOut).toBe(contract.collateral);
  }
});

test("tokens of an open question that are burnt alone are no log of this contract", () => {
  const move = { block: 1, logIndex: 0, id: YES, sender: person(0), receiver: NOBODY, amount: 5n };
  expect(() => bookAfter({ ...NO_SETS, yes: 5n, no: 5n }, [move])).toThrow("burnt alone, log 1:0");
});

test("a pair is the question but for its lowest bit", () => {
  expect(questionsOf(pairOf(BigInt(QUESTION)))).toContain(QUESTION);
  expect(pairOf(YES | 1n)).toBe(pairOf(YES));
  expect(at(questionsOf(pairOf(1n)), 0)).toBe(`0x${"0".repeat(64)}`);
});
