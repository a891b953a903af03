import { type Address, type Amount, at, type Bps, type Hex, need } from "@sooth/kernel";
import {
  drawOf,
  holdsUnit,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsToChain,
  payOf,
  prizeOf,
  sharesOf,
  tally,
  textHash,
  totalsOf,
} from "@sooth/markets/core";
import { expect, test } from "vitest";
import { type Facts, type OpinionLog, type Position, reckonMarkets } from "./reckon.ts";

const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, "0").repeat(32)}`;
const person = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const STATEMENT = "Zoos should be closed";
const ROUND = 77n;
const terms: OpinionTerms = {
  question: word(1),
  statement: textHash(STATEMENT),
  rubric: word(2),
  creator: person(900),
  closesAt: 5_000,
  revealSeconds: 0,
  quietSeconds: 0,
  feeBps: 250 as Bps,
  prizeBps: 1_000 as Bps,
  prizes: 2,
  minConfidence: 5_000,
  rule: "fourth",
  leastStake: 1n as Amount,
  mostStake: 1_000_000n as Amount,
  quietMost: 1_000_000n as Amount,
};
const market = opinionMarketId(terms);
const facts: Facts = {
  answerOf: () => ({ value: 6_250n, confidence: 7_500 }),
  seedOf: (round) => (round === ROUND ? word(9) : null),
};

type Args<E extends OpinionLog["event"]> = Omit<Extract<OpinionLog, { event: E }>["args"], "market">;
const log = <E extends OpinionLog["event"]>(event: E, args: Args<E>, when = 6_000): OpinionLog =>
  ({
    event,
    args: { market, ...args },
    block: 1,
    logIndex: 0,
    at: when,
    transaction: word(8),
  }) as unknown as OpinionLog;

const STAKES = [
  [14, 1_000_003],
  [12, 777_777],
  [14, 500_000],
  [3, 900_001],
] as const;
const opinions = STAKES.map(([band, amount]) => ({ band, amount: BigInt(amount) as Amount }));
const ended = tally(totalsOf(opinions), 63, terms.rule);
const shares = sharesOf(terms);
const starts = [0n, 0n, 1_000_003n, 0n];
const winner = (prize: number): Address => {
  const unit = drawOf({ seed: word(9), market, prize }, totalsOf(opinions), terms.rule, ended);
  return person(opinions.findIndex((one, index) => holdsUnit({ ...one, start: at(starts, index) }, unit)));
};

/** A market of four opinions from the first word to the last claim. */
const story = (): OpinionLog[] => [
  log("Announced", {
    question: terms.question,
    terms: opinionTermsToChain(terms),
    statement: STATEMENT,
  }),
  ...STAKES.map(([band, amount], index) =>
    log("Staked", { owner: person(index), band, amount, opinion: word(4) }, 4_000),
  ),
  log("Scored", { score: 63, confidence: 7_500, total: ended.total, count: 4n, round: ROUND }),
  ...opinions.map((one, index) => log("Claimed", { owner: person(index), paid: payOf(one, shares, ended) })),
  ...[0, 1].map((prize) =>
    log("PrizePaid", { owner: winner(prize), prize: BigInt(prize), paid: prizeOf(ended.total, shares) }),
  ),
  log("FeeCollected", { creator: terms.creator, fee: (ended.total * 250n) / 10_000n }),
];
const reckoned = (logs: readonly OpinionLog[], known = facts) =>
  need(
    reckonMarkets(logs, known).find((one) => one.market === market),
    "the market",
  );

test("a market that was paid as the formulas say owes nothing, and less than a unit a payment stays", () => {
  const found = reckoned(story());
  expect([found.wrong, found.left]).toEqual([[], []]);
  expect(found.positions.map(({ start }: Position) => start)).toEqual(starts);
  expect(found.held >= 0n && found.held < 6n).toBe(true);
});

/** The log at `index`, counted from the end where negative, with other values. */
const changed = (index: number, args: object): OpinionLog[] => {
  const logs = story();
  const old = need(logs.at(index), "a log");
  return logs.with(index, { ...old, args: { ...old.args, ...args } } as OpinionLog);
};

test.each<[string, OpinionLog[], RegExp]>([
  [
    "terms of another market",
    changed(0, { terms: { ...opinionTermsToChain(terms), feeBps: 1 } }),
    /hash to it/,
  ],
  ["another statement", changed(0, { statement: "Zoos should be opened" }), /statement/],
  [
    "a stake after closing",
    [
      ...story().slice(0, 1),
      ...story()
        .slice(1, 2)
        .map((one) => ({ ...one, at: 5_000 })),
    ],
    /closed/,
  ],
  ["two opinions of one person", changed(2, { owner: person(0) }), /twice/],
  ["a score that is not the answer", changed(5, { score: 62 }), /score is 62/],
  ["another confidence", changed(5, { confidence: 9_999 }), /confidence/],
  ["a stake that was left out of the total", changed(5, { total: 1n }), /staked is 1/],
  ["a unit too much", changed(6, { paid: payOf(at(opinions, 0), shares, ended) + 1n }), /is paid is/],
  ["a second claim", [...story(), need(story()[6], "a claim")], /nothing to claim/],
  ["a prize for somebody else", changed(-2, { owner: person(50) }), /drawn was/],
  ["the same prize twice", changed(-2, { prize: 0n, owner: winner(0) }), /paid before/],
  ["a larger prize", changed(-2, { paid: prizeOf(ended.total, shares) + 1n }), /prize 1 is/],
  ["a larger fee", changed(-1, { fee: 10_000n }), /fee is/],
  ["a fee for somebody else", changed(-1, { creator: person(1) }), /fee went to/],
])("%s is found", (_, logs, wanted) => {
  expect(reckoned(logs).wrong.join("\n")).toMatch(wanted);
});

test("what is not paid is told, and prizes wait for their seed", () => {
  const logs = story()
    .filter(({ event }) => event !== "PrizePaid" && event !== "FeeCollected")
    .slice(0, -1);
  const { wrong, left } = reckoned(logs, { ...facts, seedOf: () => null });
  expect(wrong).toEqual([]);
  expect(left).toEqual([
    expect.stringContaining(`${person(3)} is due`),
    "prize 0 of somebody",
    "prize 1 of somebody",
    expect.stringContaining("its fee of"),
  ]);
  expect(reckoned(story().slice(0, 5)).left).toEqual(["it has not ended"]);
});

test("a void market owes every stake, whole", () => {
  const logs = [...story().slice(0, 5), log("Voided", { why: "invalid" })];
  const { positions, left, held } = reckoned(logs);
  expect(positions.map(({ due }) => due)).toEqual(opinions.map(({ amount }) => amount));
  expect([left.length, held]).toEqual([4, ended.total]);
});

test("a market that nobody announced is no market", () => {
  expect(() => reckonMarkets(story().slice(1), facts)).toThrow("nobody announced");
});
