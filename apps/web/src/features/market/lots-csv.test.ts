import { expect, test } from "vitest";
import { type CreatorFee, type Lot, lotsCsv } from "./lots-csv.ts";
import type { HeldOpinion } from "./portfolio-csv.ts";

const HEAD =
  "kind,market,title,said,state,staked at,transaction,ended at,amount tUSD,proceeds tUSD,gain tUSD";
const lot = (change: Partial<Lot> = {}): Lot => ({
  id: "1:0",
  market: "0xab",
  title: "Rain?",
  outcome: 1,
  label: "Yes",
  at: 1_800_000_000,
  transaction: "0x12",
  amount: "1234500000",
  state: "open",
  endedAt: null,
  proceeds: null,
  gain: null,
  ...change,
});
const opinion = (status: string) =>
  ({
    on: { id: "0xcd", statement: "Close it", status, finalAt: 1_800_000_060 },
    stance: 85,
    at: 1_799_999_999,
    transaction: "0x34",
    amount: "10000000",
    due: "1",
    paid: "6000000",
    won: "5000000",
  }) as unknown as HeldOpinion;
const lines = (...args: Parameters<typeof lotsCsv>) => lotsCsv(...args).split("\r\n");
const COLLATERAL = { decimals: 6, symbol: "tUSD" };

test("a line a stake, with what came of it once its market has ended", () => {
  const past = { state: "lost", endedAt: 1_800_000_060, proceeds: "0", gain: "-1234500000" } as const;
  expect(lines([lot(), lot(past)], [], [], COLLATERAL)).toEqual([
    HEAD,
    "pool,0xab,Rain?,Yes,open,2027-01-15T08:00:00.000Z,0x12,,1234.5,,",
    "pool,0xab,Rain?,Yes,lost,2027-01-15T08:00:00.000Z,0x12,2027-01-15T08:01:00.000Z,1234.5,0,-1234.5",
    "",
  ]);
});

test("an opinion is a lot too, in its place by time, prizes with it", () => {
  expect(lines([lot()], [opinion("settled")], [], COLLATERAL)[1]).toBe(
    "opinion,0xcd,Close it,85,settled,2027-01-15T07:59:59.000Z,0x34,2027-01-15T08:01:00.000Z,10,11.000001,1.000001",
  );
  expect(lines([], [opinion("judging")], [], COLLATERAL)[1]).toMatch(/,10,,$/);
});

test("what somebody titled is no formula", () => {
  expect(lines([lot({ title: "=1+1" })], [], [], COLLATERAL)[1]).toContain(",'=1+1,");
});

test("what a market paid to its creator is a line, all of it gain", () => {
  const fee = {
    kind: "pool",
    market: "0xab",
    title: "Rain?",
    at: 1_800_000_060,
    transaction: "0x56",
    amount: "500000",
  };
  expect(lines([lot()], [], [fee as CreatorFee], COLLATERAL)[2]).toBe(
    '"creator\'s fee, pool",0xab,Rain?,,paid,2027-01-15T08:01:00.000Z,0x56,2027-01-15T08:01:00.000Z,0,0.5,0.5',
  );
});
