import type { Hex } from "@sooth/kernel";
import type { ProofRecord } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { tokenIdOf } from "../orders/order.ts";
import { checkSets, type OutcomeLog, replayOutcomes } from "./outcomes-replay.ts";

const QUESTION: Hex = `0x${"5a".repeat(32)}`;
const NOBODY: Hex = `0x${"0".repeat(40)}`;
const OWNER: Hex = `0x${"1".repeat(40)}`;

/** Logs of calls on a choice among three, each in a block of its own. */
class Told {
  readonly logs: OutcomeLog[] = [];
  #place = { block: 0, logIndex: 0 };
  #log(log: Pick<OutcomeLog, "event" | "args">): void {
    const place = { ...this.#place, at: 0, transaction: "0x" as const };
    this.#place.logIndex += 1;
    this.logs.push({ ...place, ...log } as OutcomeLog);
  }
  #move(outcome: number, token: "yes" | "no", by: bigint): void {
    const [sender, receiver] = by > 0n ? [NOBODY, OWNER] : [OWNER, NOBODY];
    const [id, amount] = [tokenIdOf(QUESTION, outcome, token), by > 0n ? by : -by];
    this.#log({ event: "Transfer", args: { caller: OWNER, sender, receiver, id, amount } });
  }
  #next(): void {
    this.#place = { block: this.#place.block + 1, logIndex: 0 };
  }
  split(outcome: number, amount: bigint): this {
    this.#next();
    this.#move(outcome, "yes", amount);
    this.#move(outcome, "no", amount);
    return this;
  }
  net(named: readonly number[], amount: bigint, paid: bigint, yes: 1n | -1n = 1n): this {
    this.#next();
    const outcomes = named.reduce((bits, each) => bits | (1n << BigInt(each)), 0n);
    const args = { question: QUESTION, owner: OWNER, count: 3n, outcomes, amount, paid };
    this.#log({ event: "Converted", args });
    for (const outcome of [0, 1, 2])
      if (named.includes(outcome)) this.#move(outcome, "no", -amount);
      else this.#move(outcome, "yes", yes * amount);
    return this;
  }
  findings(): string[] {
    const record: ProofRecord = { lines: [], findings: [] };
    const { books } = replayOutcomes(this.logs, new Map(), () => null, record);
    checkSets(books, { block: 99, logIndex: 0, at: 0, transaction: "0x" }, record);
    return record.findings.map(({ what }) => what);
  }
}
const begun = () => new Told().split(0, 50n).split(2, 40n);

test("calls that net the outcomes of a choice follow from what they burnt", () => {
  const told = begun().net([], 30n, -30n).net([0, 2], 20n, 20n).net([2], 20n, 0n).net([], 30n, 30n, -1n);
  expect(told.findings()).toEqual([]);
});

test.each([
  ["makes yes of all for a unit less", () => begun().net([], 30n, -29n)],
  ["gives a unit more for yes of all", () => begun().net([], 30n, -30n).net([], 30n, 31n, -1n)],
  ["pays for no of one", () => begun().net([0], 30n, 30n)],
  ["pays a unit less for no of two", () => begun().net([0, 2], 30n, 29n)],
])("a contract that %s is found", (_, told) => {
  expect(told().findings()[0]).toContain("paid for tokens that became others");
});
