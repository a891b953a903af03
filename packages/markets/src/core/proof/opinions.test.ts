import type { Bps } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { bookIn, found, noteAt, told } from "../../../test/changed-story.ts";
import { hiddenStory, isLog, replayed, settledStory, someone } from "../../../test/opinion-story.ts";
import { moneyOf, prizesOf } from "./opinion-ledger.ts";
import { concludeOpinions, opinionRows } from "./opinions-paid.ts";

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
