import { type Bps, type Hex, need } from "@sooth/kernel";
import { questionId } from "@sooth/oracle/core";
import { describe, expect, test } from "vitest";
import {
  bookIn,
  type Change,
  changed,
  found,
  noteAt,
  saying,
  shifted,
  swept,
  told,
  without,
} from "../../../test/changed-story.ts";
import {
  announced,
  answering,
  asking,
  hiddenStory,
  isLog,
  logged,
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
  termsOf,
} from "../../../test/opinion-story.ts";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { textHash } from "../opinions/terms.ts";
import { prizesOf } from "./opinion-ledger.ts";
import { concludeOpinions } from "./opinions-paid.ts";

const DAY = 86_400;

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

  test("a question that secures less than one may stake, or is answered by a domain of the asker's", () => {
    for (const [over, why] of [
      [
        { secures: 9_999_999n },
        "its answer secures 9999999, less than one may stake alone, which is 10000000",
      ],
      [{ domain: 7 }, "it is answered by whoever sits in domain 7, not by the providers of 0"],
      [{ liveness: 4 }, "there are 4 seconds to object to its answer, and 5 are wanted"],
    ] as const) {
      const question = { ...termsOf().question, ...over };
      const terms = { ...termsOf().terms, question: questionId(question) };
      expect(found(replayed([asking(question), announced({ terms })]))).toEqual([
        `no stake should rest on what its question is answered: ${why}`,
      ]);
    }
  });

  const concluded = (secures: bigint) => {
    const ledger = replayed(story.steps);
    const { terms: said, ...asked } = need(ledger.oracle.questions.get(story.terms.question), "its question");
    ledger.oracle.questions.set(asked.id, { ...asked, terms: { ...said, secures } });
    concludeOpinions(ledger, bookIn(ledger, story), noteAt(ledger, story));
    return found(ledger);
  };

  test("more staked than the answer secures", () => {
    // 8,700,004 units were.
    expect(concluded(8_700_004n)).toEqual([]);
    expect(concluded(8_700_003n)).toEqual(["8700004 was staked on an answer that secures 8700003"]);
  });

  test("a question that is answered by other opinions than the market's own", () => {
    const { terms, question } = termsOf();
    const contract = someone(66);
    const elsewhere = asking(question, readsOpinions(contract, question.opensAt));
    expect(found(replayed([elsewhere, announced({ terms })]))).toEqual([
      `its question is not answered by its own opinions alone: its opinions are those of another contract, ${contract}`,
    ]);
    const early = asking(question, readsOpinions(OPINIONS, terms.closesAt - 1));
    expect(found(replayed([early, announced({ terms })]))).toEqual([
      "its question is not answered by its own opinions alone: its opinions are read while they can still change",
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
