import { type Address, need } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { bookIn, found, noteAt } from "../../../test/changed-story.ts";
import {
  answering,
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
  type Step,
} from "../../../test/opinion-story.ts";
import { netOf, prizeOf, shareOf, tally, totalsOf } from "../rules/bands.ts";
import { moneyOf, prizesOf } from "./opinion-ledger.ts";
import { checkBooks, checkHeld, checkMoved } from "./opinions-moved.ts";
import { concludeOpinions } from "./opinions-paid.ts";

const DAY = 86_400;

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
