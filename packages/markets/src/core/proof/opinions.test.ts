import { type Address, type Bps, type Hex, need } from "@sooth/kernel";
import { noteOn } from "@sooth/oracle/core";
import { describe, expect, test } from "vitest";
import {
  announced,
  answering,
  asking,
  domain,
  hiddenStory,
  isLog,
  logged,
  moneyFor,
  OPINIONS,
  proving,
  replayed,
  roundAt,
  SEED,
  settledStory,
  someone,
  stakes,
  START,
  type Step,
  type Story,
  termsOf,
} from "../../../test/opinion-story.ts";
import { textHash } from "../opinions/terms.ts";
import { netOf, prizeOf, shareOf, tally, totalsOf } from "../rules/bands.ts";
import { moneyOf, type OpinionLedger, prizesOf } from "./opinion-ledger.ts";
import type { OpinionLog, OpinionLogOf } from "./opinion-log.ts";
import { checkBooks, checkHeld, checkMoved, endOf } from "./opinions-moved.ts";
import { concludeOpinions, opinionRows } from "./opinions-paid.ts";

const DAY = 86_400;
const found = ({ oracle }: OpinionLedger): string[] => oracle.findings.map(({ what }) => what);
const told = ({ oracle }: OpinionLedger): string[] => oracle.lines.map(({ what }) => what);

/** A finding that is this, or looks like it. */
const saying = (finding: string | RegExp): unknown =>
  typeof finding === "string" ? finding : expect.stringMatching(finding);
const bookIn = (ledger: OpinionLedger, { id }: Pick<Story, "id">) =>
  need(ledger.markets.get(id), "the market");
const noteAt = (ledger: OpinionLedger, { id, end }: Story) =>
  noteOn(ledger.oracle, endOf({ block: 9_999, at: end }), id);

type Change<E extends OpinionLog["event"]> = (args: OpinionLogOf<E>["args"]) => object;
/** The story with one log changed, as the contract might have logged it. */
function changed<E extends OpinionLog["event"]>(
  story: Story,
  event: E,
  change: Change<E>,
  place = 0,
): string[] {
  const target = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  const steps = story.steps.map((step) =>
    step === target && isLog(step)
      ? ({ ...step, args: change(step.args as OpinionLogOf<E>["args"]) } as unknown as Step)
      : step,
  );
  return found(replayed(steps));
}
const shifted = (story: Story, event: OpinionLog["event"], when: number, place = 0): string[] => {
  const target = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  return found(replayed(story.steps.map((step) => (step === target ? { ...step, at: when } : step))));
};
const without = (story: Story, event: OpinionLog["event"], place = 0): string[] => {
  const gone = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  return found(replayed(story.steps.filter((step) => step !== gone)));
};

/* HONEST */

/** The first prize went to the treasury at `when`. */
const swept = (steps: readonly Step[], when: number): OpinionLedger =>
  replayed(
    steps.map((step) =>
      isLog(step) && step.event === "PrizePaid" && step.args.prize === 0n
        ? { ...step, at: when, args: { ...step.args, owner: domain.params.treasury } }
        : step,
    ),
  );

describe("a market from its announcement to the last claim", () => {
  const story = settledStory();

  test("holds, and every number is told", () => {
    const ledger = replayed(story.steps);
    concludeOpinions(ledger, bookIn(ledger, story), noteAt(ledger, story));
    expect(found(ledger)).toEqual([]);
    const lines = told(ledger).join("\n");
    expect(lines).toContain("score, of the final answer 6250 in hundredths: 63");
    expect(lines).toContain("staked with a stance: 8700004");
    expect(lines).toContain(`${someone(4)} staked 700003 on stance 60, units 2000000 to 2700002 of its band`);
    expect(lines.match(/^prize \d fell on unit \d+ of stance \d+, drawn by 0x/gm)).toHaveLength(3);
    const { staked, owed, rest, feePaid } = moneyOf(bookIn(ledger, story));
    expect([staked, owed, feePaid]).toEqual([8_700_004n, 0n, 217_500n]);
    // Less than a unit a claim and a prize.
    expect(rest).toBeGreaterThanOrEqual(0n);
    expect(rest).toBeLessThan(8n);
    expect(opinionRows(bookIn(ledger, story)).every(({ due }) => due === 0n)).toBe(true);
  });

  test("before the claims what is owed is told, and where the prizes fell", () => {
    const ledger = replayed(
      story.steps.filter((step) => !isLog(step) || !/Claimed|PrizePaid|FeeCollected/.test(step.event)),
    );
    const book = bookIn(ledger, story);
    concludeOpinions(ledger, book, noteAt(ledger, story));
    expect(found(ledger)).toEqual([]);
    expect(told(ledger).filter((line) => line.includes("it waits for"))).toHaveLength(3);
    const { owed, rest } = moneyOf(book);
    expect(owed + rest).toBe(8_700_004n);
    expect(rest).toBeLessThan(8n);
    expect(prizesOf(book, ledger.oracle.seeds).map(({ amount }) => amount)).toEqual([
      290_000n,
      290_000n,
      290_000n,
    ]);
  });

  test("by the Brier rule too", () => {
    const brier = settledStory({ rule: "brier", prizeBps: 0 as Bps, prizes: 1 });
    const steps = brier.steps.filter((step) => !isLog(step) || step.event !== "PrizePaid");
    const ledger = replayed(
      steps.map((step) =>
        isLog(step) && step.event === "Scored" ? { ...step, args: { ...step.args, round: 0n } } : step,
      ),
    );
    expect(found(ledger)).toEqual([]);
    expect(told(ledger)).toContainEqual(expect.stringMatching(/^all weights by the rule "brier": \d+$/));
  });
});

test("hidden stances are opened, and what nobody told is shared by the others", () => {
  const story = hiddenStory();
  const ledger = replayed(story.steps);
  concludeOpinions(ledger, bookIn(ledger, story), noteAt(ledger, story));
  expect(found(ledger)).toEqual([]);
  expect(told(ledger)).toContain("staked with stances that nobody told, shared by the others: 1000000");
  expect(told(ledger)).toContain(`${someone(1)} had hidden stance 50, units 0 to 999999 of its band`);
  expect(moneyOf(bookIn(ledger, story))).toMatchObject({ owed: 0n, feePaid: 50_000n });
});

/* TAMPERED */

describe("what was changed is found and named", () => {
  const story = settledStory();
  const other = someone(77);

  test("terms, statement and question", () => {
    expect(
      changed(story, "Announced", (args) => ({ ...args, terms: { ...args.terms, feeBps: 249 } })),
    ).toContain("the terms do not hash to the market");
    expect(changed(story, "Announced", (args) => ({ ...args, statement: "Zoos should stay" }))).toEqual([
      "the statement does not hash to the terms' statement",
    ]);
    for (const wrong of [{ prizes: 0 }, { rule: 7 }, { feeBps: 65_535 }])
      expect(
        changed(story, "Announced", (args) => ({ ...args, terms: { ...args.terms, ...wrong } })),
      ).toContain("the terms do not hash to the market");
    const asked: Hex = `0x${"77".repeat(32)}`;
    expect(changed(story, "Announced", (args) => ({ ...args, question: asked }))).toEqual([
      `announced on ${asked}, its terms name ${story.terms.question}`,
    ]);
    expect(found(replayed(story.steps.slice(1)))).toContain("it rests on a question that nobody asked");
    expect(found(replayed([...story.steps.slice(0, 2), announced(story)]))).toContain(
      `the question had a market before: ${story.id}`,
    );
    expect(without(story, "Announced")).toContain("a market was scored that nobody announced");
  });

  test("terms beyond the contract's bounds", () => {
    const { terms, question } = termsOf({ feeBps: 1_001 as Bps });
    expect(found(replayed([asking(question), announced({ terms })]))).toEqual([
      "the terms break a bound of the contract: feeBps",
    ]);
  });

  test("a stake: its amount, stance, time, and that it was one", () => {
    // Money that is not there has no weight either: each number that rests on it differs.
    expect(changed(story, "Staked", (args) => ({ ...args, amount: args.amount + 1 }))).toContain(
      "staked with a stance: it is 8700005, the log says 8700004",
    );
    expect(changed(story, "Staked", (args) => ({ ...args, band: 13 }))).toContainEqual(
      expect.stringMatching(/^paid to .* for 2000000 on stance 65: it is \d+, the log says \d+$/),
    );
    expect(changed(story, "Staked", (args) => ({ ...args, amount: 499_999 }))).toContain(
      `${someone(1)} staked 499999, allowed were 500000 to 10000000`,
    );
    expect(changed(story, "Staked", (args) => ({ ...args, band: 22 }))).toContain("there is no band 22");
    expect(changed(story, "Staked", (args) => ({ ...args, owner: someone(2) }))).toContain(
      `${someone(2)} staked twice`,
    );
    expect(shifted(story, "Staked", story.terms.closesAt)).toContain(
      `${someone(1)} staked at ${story.terms.closesAt}, closed at ${story.terms.closesAt}`,
    );
    expect(shifted(story, "Staked", story.terms.closesAt - 1)).toContain(
      `${someone(1)} staked 2000000, allowed were 500000 to 600000`,
    );
    expect(changed(story, "Staked", (args) => ({ ...args, band: 31 }))).toContain(
      `${someone(1)} staked with a hidden stance, which this market does not take`,
    );
    expect(without(story, "Staked")).toContain("stances that count: it is 3, the log says 4");
  });

  test("who came first in a band: a prize falls on somebody else", () => {
    // All on one band, so that only the order tells whose units are whose.
    const people = [1, 2].map((index) => ({ owner: someone(index), band: 12, amount: 1_000_000n as never }));
    const steps = [story.steps[0], story.steps[1], ...stakes(story.id, people)] as Step[];
    const turned = [...steps.slice(0, 2), ...steps.slice(2).toReversed()];
    const scored = (before: Step[]) => {
      const ledger = replayed([
        ...before,
        answering(story.question, 6_000n, { finalAt: story.question.opensAt + 100 }),
        logged("Scored", story.question.opensAt + 105, {
          market: story.id,
          score: 60,
          confidence: 9_000,
          total: 2_000_000n,
          count: 2n,
          round: roundAt(story.question.opensAt + 105),
        }),
        proving(roundAt(story.question.opensAt + 105), SEED, story.end),
      ]);
      expect(found(ledger)).toEqual([]);
      return prizesOf(bookIn(ledger, story), ledger.oracle.seeds).map(({ winner }) => winner);
    };
    const [first, second] = [scored(steps), scored(turned)];
    expect(first).toHaveLength(3);
    expect(first.map((winner) => (winner === someone(1) ? someone(2) : someone(1)))).toEqual(second);
  });

  test.each<[string, Change<"Scored">, string | RegExp]>([
    [
      "score",
      (args) => ({ ...args, score: 62 }),
      "score, of the final answer 6250 in hundredths: it is 63, the log says 62",
    ],
    ["score beyond all", (args) => ({ ...args, score: 127 }), /it is 63, the log says 127$/],
    [
      "confidence",
      (args) => ({ ...args, confidence: 9_001 }),
      "confidence of the answer, basis points: it is 9000, the log says 9001",
    ],
    [
      "low confidence",
      (args) => ({ ...args, confidence: 4_999 }),
      "scored with confidence 4999, the terms want 5000",
    ],
    [
      "total",
      (args) => ({ ...args, total: args.total - 1n }),
      /^staked with a stance: it is 8700004, the log says 8700003$/,
    ],
    ["count", (args) => ({ ...args, count: 5n }), "stances that count: it is 4, the log says 5"],
    [
      "round",
      (args) => ({ ...args, round: args.round - 1n }),
      /^round that draws, named after the score: it is \d+, the log says \d+$/,
    ],
    ["no round", (args) => ({ ...args, round: 0n }), /the log says 0$/],
    [
      "a round that no clock reaches",
      (args) => ({ ...args, round: 2n ** 64n - 1n }),
      /the log says 18446744073709551615$/,
    ],
  ])("of the score: %s", (_, change, finding) => {
    expect(changed(story, "Scored", change)).toContainEqual(saying(finding));
  });

  test("a score before the answer is final, of nobody, twice, or none", () => {
    expect(shifted(story, "Scored", story.question.opensAt + 99)).toContain(
      "scored while the answer was answered",
    );
    expect(without(story, "Scored")).toContain("paid before the market had ended");
    const scored = need(
      story.steps.find((step) => isLog(step) && step.event === "Scored"),
      "a score",
    );
    expect(found(replayed([...story.steps, scored]))).toContain("the market had ended before");
  });

  test("a pay-out, to whom, twice, and one that nobody had", () => {
    expect(changed(story, "Claimed", (args) => ({ ...args, paid: args.paid + 1n }))).toEqual([
      expect.stringMatching(/^paid to .* for 2000000 on stance 60: it is \d+, the log says \d+$/),
    ]);
    expect(changed(story, "Claimed", (args) => ({ ...args, owner: other }))).toEqual([
      `${other} had no opinion here to be paid for`,
    ]);
    expect(changed(story, "Claimed", (args) => ({ ...args, owner: someone(2) }))).toContain(
      `${someone(2)} was paid before`,
    );
  });

  test("a prize: its winner, its amount, its number, its seed", () => {
    expect(changed(story, "PrizePaid", (args) => ({ ...args, owner: other }))).toEqual([
      expect.stringMatching(/^prize 0 fell on unit \d+ of stance \d+, which is 0x.*'s, and was paid to 0x/),
    ]);
    expect(changed(story, "PrizePaid", (args) => ({ ...args, paid: args.paid + 1n }))).toEqual([
      "prize 0: it is 290000, the log says 290001",
    ]);
    expect(changed(story, "PrizePaid", (args) => ({ ...args, prize: 1n }))).toContain(
      "prize 1 was paid before",
    );
    expect(changed(story, "PrizePaid", (args) => ({ ...args, prize: 3n }))).toContain(
      "the logs draw no prize 3",
    );
    const unproved = story.steps.filter((step) => isLog(step) || step.at !== story.question.opensAt + 115);
    expect(unproved).toHaveLength(story.steps.length - 1);
    expect(found(replayed(unproved))).toContain("the logs draw no prize 0");
    const reseeded = unproved.flatMap((step) =>
      isLog(step) && step.event === "Scored"
        ? [step, proving(step.args.round, textHash("another seed"), step.at)]
        : [step],
    );
    expect(found(replayed(reseeded)).length).toBeGreaterThan(0);
  });

  test("a prize that the treasury took too early, and one that it took in time", () => {
    const from = START + 181 * DAY;
    expect(found(swept(story.steps, from - 2 * DAY))).toContainEqual(
      expect.stringMatching(/^prize 0 was swept at \d+, allowed from \d+ on$/),
    );
    expect(found(swept(story.steps, from))).toEqual([]);
    expect(told(swept(story.steps, from))).toContainEqual(
      expect.stringMatching(/had half a year to claim it, and the treasury has it$/),
    );
  });

  test("the fee: its amount, to whom, twice", () => {
    expect(changed(story, "FeeCollected", (args) => ({ ...args, fee: args.fee - 1n }))).toEqual([
      "fee of the creator: it is 217500, the log says 217499",
    ]);
    expect(changed(story, "FeeCollected", (args) => ({ ...args, creator: other }))).toEqual([
      `the fee went to ${other}`,
    ]);
    const fee = need(story.steps.at(-1), "the fee");
    expect(found(replayed([...story.steps, fee]))).toEqual(["the fee was collected before"]);
  });

  test("a market that paid more than it had", () => {
    const steps = story.steps.map((step) =>
      isLog(step) && step.event === "Claimed"
        ? { ...step, args: { ...step.args, paid: step.args.paid + 9n } }
        : step,
    );
    const ledger = replayed(steps);
    concludeOpinions(ledger, bookIn(ledger, story), noteAt(ledger, story));
    expect(found(ledger)).toContainEqual(expect.stringMatching(/^-?\d+ is left of 8700004, and 0 is owed$/));
  });

  test("hidden stances: commitment, opening, time, and who had hidden none", () => {
    const hidden = hiddenStory();
    expect(changed(hidden, "Revealed", (args) => ({ ...args, band: 11 }))).toContain(
      `nothing with the logs opens the commitment of ${someone(1)} as stance 55`,
    );
    expect(changed(hidden, "Hidden", (args) => ({ ...args, commitment: SEED }))).toEqual([
      `nothing with the logs opens the commitment of ${someone(1)} as stance 50`,
    ]);
    expect(without(hidden, "Hidden")).toContain(
      `${someone(1)} staked with a stance that nothing commits him to`,
    );
    expect(shifted(hidden, "Revealed", hidden.terms.closesAt - 1)).toContainEqual(
      expect.stringMatching(/^a stance was told at \d+, allowed were \d+ to \d+$/),
    );
    expect(shifted(hidden, "Revealed", hidden.terms.closesAt + 3_600)).toHaveLength(1);
    expect(changed(hidden, "Revealed", (args) => ({ ...args, owner: other }))).toContain(
      `${other} had no hidden stance that could be 10`,
    );
    expect(without(hidden, "Revealed")).toContain("stances that count: it is 1, the log says 2");
    // Who told nobody is paid nothing.
    expect(changed(hidden, "Claimed", (args) => ({ ...args, paid: 1n }), 2)).toEqual([
      `paid to ${someone(3)} for 1000000 with a stance that nobody told: it is 0, the log says 1`,
    ]);
    expect(changed(hidden, "Staked", (args) => ({ ...args, band: 10 }))).toContain(
      `${someone(1)} staked with an open stance, which this market does not take`,
    );
  });
});

/* VOID */

describe("void markets", () => {
  const story = settledStory();
  const before = story.steps.slice(0, 6);
  const voided = (why: string, when: number, answer?: Step) =>
    replayed([
      ...before,
      ...(answer ? [answer] : []),
      logged("Voided", when, { market: story.id, why }),
      ...story.people.map(({ owner, amount }) =>
        logged("Claimed", when + 1, { market: story.id, owner, paid: amount }),
      ),
    ]);
  const finalAt = story.question.opensAt + 100;
  const after = story.question.deadline + 1;
  const answered = (value: bigint, confidence = 9_000) =>
    answering(story.question, value, { finalAt, confidence });
  const expired = story.terms.closesAt + 14 * DAY;

  test.each<[string, string, number, Step | undefined]>([
    ["nobody answered", "invalid", after, undefined],
    ["too unsure", "confidence", finalAt, answered(6_250n, 4_999)],
    ["expired unscored, though final", "expired", finalAt + 14 * DAY, answered(6_250n)],
    ["expired unanswered", "expired", expired, undefined],
  ])("%s: every stake goes back", (_, why, when, answer) => {
    const ledger = voided(why, when, answer);
    concludeOpinions(ledger, bookIn(ledger, story), noteAt(ledger, story));
    expect(found(ledger)).toEqual([]);
    expect(moneyOf(bookIn(ledger, story))).toMatchObject({ paid: 8_700_004n, owed: 0n, rest: 0n });
  });

  test.each<[string, string, number, Step | undefined, RegExp]>([
    [
      "invalid, and it was open",
      "invalid",
      after - 1,
      undefined,
      /^void for "invalid", but the question was open$/,
    ],
    ["confidence, and it was sure", "confidence", finalAt, answered(6_250n), /but its confidence was 9000$/],
    [
      "confidence, and not final",
      "confidence",
      finalAt - 1,
      answered(6_250n, 1),
      /but the answer was answered$/,
    ],
    ["weights, and somebody had some", "weights", finalAt, answered(6_250n), /but somebody was to be paid$/],
    [
      "expired, too early",
      "expired",
      finalAt + 14 * DAY - 1,
      answered(6_250n),
      /but it could not be before \d+/,
    ],
    ["expired, under objection", "expired", finalAt - 1, answered(6_250n), /but the answer was answered$/],
    ["a word of nobody's", "bored", after, undefined, /but markets are never void for that$/],
  ])("not so where it is called %s", (_, why, when, answer, finding) => {
    expect(found(voided(why, when, answer))).toEqual([expect.stringMatching(finding)]);
  });

  test("weights: everybody stood at the far end", () => {
    const people = [{ owner: someone(1), band: 0, amount: 1_000_000n as never }];
    const ledger = replayed([
      ...story.steps.slice(0, 2),
      ...stakes(story.id, people),
      answered(10_000n),
      logged("Voided", finalAt, { market: story.id, why: "weights" }),
    ]);
    expect(found(ledger)).toEqual([]);
    const scored = replayed([
      ...story.steps.slice(0, 2),
      ...stakes(story.id, people),
      answered(10_000n),
      logged("Scored", finalAt, {
        market: story.id,
        score: 100,
        confidence: 9_000,
        total: 1_000_000n,
        count: 1n,
        round: roundAt(finalAt),
      }),
      proving(roundAt(finalAt), SEED, finalAt),
      logged("Claimed", finalAt, { market: story.id, owner: someone(1), paid: 1n }),
    ]);
    expect(found(scored)).toContain("scored though nobody is to be paid");
  });

  test("stakes in a market that nobody announced go back when it expires", () => {
    const steps = [
      ...stakes(story.id, story.people),
      logged("Voided", expired, { market: story.id, why: "expired" }),
      ...story.people.map(({ owner, amount }) =>
        logged("Claimed", expired, { market: story.id, owner, paid: amount }),
      ),
    ];
    expect(found(replayed(steps))).toEqual([]);
    expect(
      found(
        replayed([...steps.slice(0, 4), logged("Voided", expired, { market: story.id, why: "invalid" })]),
      ),
    ).toEqual(['nobody announced it, and it is void for "invalid"']);
  });

  test("a stake that came back short, or before the end", () => {
    const ledger = replayed([
      ...before,
      logged("Claimed", after, { market: story.id, owner: someone(1), paid: 2_000_000n }),
      logged("Voided", after, { market: story.id, why: "invalid" }),
      logged("Claimed", after, { market: story.id, owner: someone(2), paid: 5_000_000n }),
    ]);
    expect(found(ledger)).toContain("paid before the market had ended");
    expect(found(ledger)).toContain(
      `paid to ${someone(2)} for 5000001 on stance 70: it is 5000001, the log says 5000000`,
    );
  });
});

/* NO SEED */

describe("a round that nobody proves", () => {
  const story = settledStory();
  const scored = story.steps.slice(0, 8);
  const scoredAt = story.question.opensAt + 105;
  const rearmed = (when: number, round = roundAt(when)) =>
    logged("Rearmed", when, { market: story.id, round });

  test("is replaced after a day, and the new one draws", () => {
    const when = scoredAt + DAY + 60;
    const ledger = replayed([...scored, rearmed(when), proving(roundAt(when), SEED, when)]);
    expect(found(ledger)).toEqual([]);
    expect(prizesOf(bookIn(ledger, story), ledger.oracle.seeds)).toHaveLength(3);
    expect(found(replayed([...scored, rearmed(scoredAt + DAY - 60)]))).toContainEqual(
      expect.stringMatching(/^round \d+ was given up at \d+, allowed from \d+ on$/),
    );
    expect(found(replayed([...scored, rearmed(when, roundAt(when) + 1n)]))).toContainEqual(
      expect.stringMatching(/^round that draws instead: it is \d+, the log says \d+$/),
    );
    const proved = proving(roundAt(scoredAt), SEED, scoredAt + 10);
    expect(found(replayed([...scored, proved, rearmed(when)]))).toContainEqual(
      expect.stringMatching(/was proved, and was given up all the same$/),
    );
  });

  test("after four weeks gives its prizes to the stakes, also to who was paid before", () => {
    const when = story.terms.closesAt + 28 * DAY;
    const totals = totalsOf(story.people);
    const ended = tally(totals, 63, "fourth");
    const { terms } = story;
    const shares = { rule: terms.rule, feeBps: terms.feeBps, prizeBps: terms.prizeBps, prizes: terms.prizes };
    const pot = (ended.total / 10n) as typeof ended.total;
    const [first, second] = story.people;
    const one = need(first, "one");
    const two = need(second, "two");
    const part = (of: bigint, who: typeof one) => shareOf(of as typeof pot, who, terms.rule, ended);
    const net = netOf(ended.total, shares);
    const steps = [
      ...scored,
      logged("Claimed", scoredAt + 50, { market: story.id, owner: one.owner, paid: part(net, one) }),
      logged("Forgone", when, { market: story.id }),
      logged("Claimed", when + 1, { market: story.id, owner: one.owner, paid: part(pot, one) }),
      logged("Claimed", when + 1, {
        market: story.id,
        owner: two.owner,
        paid: part(net, two) + part(pot, two),
      }),
    ];
    expect(found(replayed(steps))).toEqual([]);
    expect(
      found(
        replayed([...steps, logged("Claimed", when + 2, { market: story.id, owner: one.owner, paid: 0n })]),
      ),
    ).toEqual([`${one.owner} was paid before`]);
    const prize = logged("PrizePaid", when + 3, {
      market: story.id,
      owner: one.owner,
      prize: 0n,
      paid: prizeOf(ended.total, shares),
    });
    expect(found(replayed([...steps, prize]))).toContain("the logs draw no prize 0");
    expect(found(replayed([...scored, logged("Forgone", when - 1, { market: story.id })]))).toContainEqual(
      expect.stringMatching(/^prizes were forgone at \d+, allowed from \d+ on$/),
    );
  });
});

/* MONEY */

describe("collateral that moved", () => {
  const story = settledStory();
  const logs = story.steps.filter(isLog);
  const honest = moneyFor(logs);
  const check = (money: typeof honest) => {
    const ledger = replayed(story.steps);
    const moved = checkMoved(ledger, logs, money, OPINIONS);
    const owed = checkHeld(ledger, moved, noteAt(ledger, story));
    return { ledger, moved, owed };
  };

  test("is that of the logs, and the rest is held", () => {
    const { ledger, moved, owed } = check(honest);
    expect(found(ledger)).toEqual([]);
    expect(moved.moved).toBe(12);
    expect(moved.held).toBe(moneyOf(bookIn(ledger, story)).rest);
    expect(owed).toBe(0n);
  });

  test("a gift harms nobody; a stake without money, and money without a log, are found", () => {
    const extra = (from: Address, to: Address) => [
      ...honest,
      { ...need(honest[0], "one"), logIndex: 9_999, args: { from, to, amount: 5n } },
    ];
    expect(found(check(extra(someone(5), OPINIONS)).ledger)).toEqual([]);
    expect(found(check(extra(OPINIONS, someone(5))).ledger)).toContain(
      `5 of collateral left the contract for ${someone(5)}, and no log of it says why`,
    );
    expect(found(check(honest.slice(1)).ledger)).toContain(
      `no 2000000 of collateral moved from ${someone(1)} to ${OPINIONS}`,
    );
    const [first, ...others] = honest;
    const before = { ...need(first, "one"), logIndex: 0 };
    expect(found(check([before, ...others]).ledger)).toContain(
      `no 2000000 of collateral moved from ${someone(1)} to ${OPINIONS}`,
    );
    const short = honest.map((log, index) =>
      index === 0 ? { ...log, args: { ...log.args, amount: log.args.amount - 1n } } : log,
    );
    expect(found(check(short).ledger).length).toBeGreaterThan(0);
  });

  test("held less than owed is found", () => {
    const unclaimed = logs.filter(({ event }) => event !== "Claimed");
    const ledger = replayed(story.steps.filter((step) => !isLog(step) || step.event !== "Claimed"));
    const moved = checkMoved(ledger, unclaimed, moneyFor(unclaimed), OPINIONS);
    checkHeld(ledger, { ...moved, held: 1n }, noteAt(ledger, story));
    expect(found(ledger)).toEqual([
      expect.stringMatching(/^the contract holds 1 and owes \d+ in 1 markets$/),
    ]);
  });

  test("the contract's own books are compared, figure by figure", () => {
    const ledger = replayed(story.steps);
    const book = bookIn(ledger, story);
    const { tally: ended } = need(book.result, "a result");
    const books = {
      bands: book.totals.map((staked, band) => ({ staked, count: BigInt(book.counts[band] ?? 0) })),
      untold: 0n,
      ending: 2,
      total: ended.total,
      facts: ended.facts,
      round: book.round,
      balance: 3n,
    };
    checkBooks(ledger, story.id, { books, held: 3n }, noteAt(ledger, story));
    expect(found(ledger)).toEqual([]);
    const wrong = {
      bands: books.bands.with(12, { staked: 1n as never, count: 2n }),
      untold: 1n,
      ending: 1,
      total: 1n,
      facts: 1n,
      round: 1n,
      balance: 1n,
    };
    for (const [key, value] of Object.entries(wrong)) {
      const again = replayed(story.steps);
      checkBooks(
        again,
        story.id,
        { books: { ...books, [key]: value } as typeof books, held: 3n },
        noteAt(again, story),
      );
      expect(found(again), key).toHaveLength(1);
    }
  });
});
