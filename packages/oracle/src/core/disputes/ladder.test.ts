import type { Hex } from "@sooth/kernel";
import { zeroHash } from "viem";
import { describe, expect, test } from "vitest";
import { asked, OPENS, numericSchema } from "../../../test/people.ts";
import { bitmapOf, encodeAnswerWord, INVALID, TOO_EARLY } from "../answer-word.ts";
import type { SeatReport } from "../report.ts";
import { courtClock, pauseAt, pauseMark, unixAt } from "./court-clock.ts";
import { differs, type Dispute, disputedWord, disputeId, heldClaim, isJuryOnly } from "./dispute.ts";
import { choiceFor } from "./judge.ts";
import { type CaseFacts, nextCaseStep } from "./ladder.ts";
import { decisiveRereport, type RereportFacts } from "./rereport.ts";

const signature: Hex = `0x${"11".repeat(31)}01${"22".repeat(31)}021b`;
const { terms, id } = asked(numericSchema(), { tolerance: 5n });
const word = (over: { disputes?: number } = {}) =>
  encodeAnswerWord({
    state: "answered",
    value: 100n,
    finalizeAt: OPENS + 60,
    confidence: 7_500,
    seats: 7n,
    epoch: 1,
    round: 0,
    rewardSettled: false,
    ...over,
  });
const dispute: Dispute = {
  question: id,
  answer: word(),
  root: zeroHash,
  disputer: `0x${"dd".repeat(20)}`,
  claim: 200n,
  claimRoot: zeroHash,
  deposit: 250n,
  at: OPENS,
};
const facts = (over: Partial<CaseFacts> = {}): CaseFacts => ({
  terms,
  dispute,
  stage: "disputed",
  until: null,
  openedAt: OPENS,
  windows: { rereport: 100, appeal: 50 },
  paused: false,
  isRuled: false,
  rereport: null,
  verdict: null,
  ...over,
});

/** Eight seats of equal weight; the first three signed the answer. */
const rereport = (reports: readonly (readonly [seat: number, value: bigint])[]): RereportFacts => ({
  terms,
  answer: 100n,
  signers: {
    epoch: 2,
    totalWeight: 800n,
    seats: Array.from({ length: 8 }, (_, n) => ({ signer: `0x${String(n).repeat(40)}`, weight: 100n })),
  },
  owners: Array.from({ length: 8 }, (_, n) => `owner ${n}`),
  firstOwners: new Set(["owner 0", "owner 1", "owner 2"]),
  reports: reports.map(([seat, value]): SeatReport => ({ seat, value, signature })),
});
const saying = (value: bigint, ...seats: number[]) => seats.map((seat) => [seat, value] as const);

describe("the next step of a dispute", () => {
  test("waits for reports, takes a decisive one, and convenes from the first second after", () => {
    expect(nextCaseStep(facts(), OPENS + 99)).toMatchObject({ do: "wait", until: OPENS + 100 });
    const { terms: _, answer: __, ...said } = rereport(saying(200n, 0, 1, 2, 3, 4, 5));
    expect(nextCaseStep(facts({ rereport: said }), OPENS + 99)).toMatchObject({
      do: "rereport",
      rereport: { mode: "agreed", value: 200n },
    });
    expect(nextCaseStep(facts({ rereport: said, paused: true }), OPENS + 99)).toMatchObject({ do: "wait" });
    expect(nextCaseStep(facts({ rereport: said }), OPENS + 100)).toEqual({ do: "convene", early: false });
  });

  test("goes to a jury at once when the answer was disputed before, or is a root", () => {
    const again = { ...dispute, answer: word({ disputes: 1 }) };
    const early = { do: "convene", early: true };
    expect(nextCaseStep(facts({ dispute: again }), OPENS)).toEqual(early);
    expect(nextCaseStep(facts({ dispute: { ...dispute, root: id } }), OPENS)).toEqual(early);
    // Only standing by the answer counts then; another value does not.
    const { terms: _, answer: __, ...same } = rereport(saying(100n, 0, 1, 2, 3, 4, 5));
    expect(nextCaseStep(facts({ dispute: again, rereport: same }), OPENS)).toMatchObject({ do: "rereport" });
    const { terms: ___, answer: ____, ...other } = rereport(saying(200n, 0, 1, 2, 3, 4, 5));
    expect(nextCaseStep(facts({ dispute: again, rereport: other }), OPENS)).toEqual(early);
  });

  test("takes a verdict once there is one", () => {
    const verdict = { ended: false, choice: 0 as const, votesFor: 3, drawn: 9 };
    expect(nextCaseStep(facts({ stage: "sitting" }), OPENS)).toMatchObject({ do: "wait" });
    expect(nextCaseStep(facts({ stage: "sitting", verdict }), OPENS)).toMatchObject({ do: "wait" });
    expect(nextCaseStep(facts({ stage: "sitting", verdict: { ...verdict, ended: true } }), OPENS)).toEqual({
      do: "take_verdict",
    });
  });

  test.each(["confirmed", "ruled"] as const)("when %s it may be appealed, then it is concluded", (stage) => {
    expect(nextCaseStep(facts({ stage }), OPENS)).toMatchObject({ do: "wait", until: null });
    expect(nextCaseStep(facts({ stage, until: OPENS + 9 }), OPENS + 8)).toMatchObject({
      do: "wait",
      until: OPENS + 9,
    });
    expect(nextCaseStep(facts({ stage, until: OPENS + 9 }), OPENS + 9)).toEqual({ do: "conclude" });
  });

  test("punishes once a jury has ruled on a correction, and nothing is left when done", () => {
    expect(nextCaseStep(facts({ stage: "corrected" }), OPENS)).toMatchObject({ do: "wait" });
    expect(nextCaseStep(facts({ stage: "corrected", isRuled: true }), OPENS)).toEqual({ do: "punish" });
    expect(nextCaseStep(facts({ stage: "done", isRuled: true }), OPENS)).toEqual({ do: "nothing" });
  });
});

describe("a decisive re-report", () => {
  test("corrects with more than two thirds of all weight and another value", () => {
    expect(decisiveRereport(rereport(saying(200n, 0, 1, 2, 3, 4)))).toBeNull();
    expect(decisiveRereport(rereport(saying(200n, 0, 1, 2, 3, 4, 5)))).toMatchObject({
      mode: "agreed",
      value: 200n,
      seats: 0b111111n,
    });
    // Within tolerance it is the same answer; three of the first signers are among them.
    expect(decisiveRereport(rereport(saying(105n, 0, 1, 2, 3, 4, 5)))).toBeNull();
    const spread = [...saying(200n, 0, 1, 2), ...saying(201n, 3, 4, 5)];
    expect(decisiveRereport(rereport(spread))).toMatchObject({ mode: "values" });
  });

  test("stands by the answer with more than two thirds of all weight, when it is late", () => {
    const same = rereport(saying(105n, 0, 1, 2, 3, 4, 5));
    expect(decisiveRereport(same)).toBeNull();
    expect(decisiveRereport(same, { late: true })).toMatchObject({ mode: "agreed", value: 105n });
    const spread = rereport([...saying(98n, 0, 1, 2), ...saying(105n, 3, 4, 5)]);
    expect(decisiveRereport(spread, { late: true })).toMatchObject({ mode: "values" });
    expect(decisiveRereport(rereport(saying(100n, 0, 1, 2, 3, 4)), { late: true })).toBeNull();
    // From the half of the time on.
    const { terms: _, answer: __, ...said } = same;
    expect(nextCaseStep(facts({ rereport: said }), OPENS + 49)).toMatchObject({ do: "wait" });
    expect(nextCaseStep(facts({ rereport: said }), OPENS + 50)).toMatchObject({ do: "rereport" });
  });

  test("takes no word of those who weigh less than a ninth together", () => {
    const dust = rereport(saying(100n, 3, 4, 5, 6));
    const weights = [600n, 600n, 600n, 50n, 50n, 50n, 50n, 10n];
    const seats = dust.signers.seats.map((seat, n) => ({ ...seat, weight: weights[n] ?? 0n }));
    const signers = { ...dust.signers, seats, totalWeight: 2_010n };
    expect(decisiveRereport({ ...dust, signers })).toBeNull();
    expect(decisiveRereport({ ...dust, signers: { ...signers, totalWeight: 1_800n } })).not.toBeNull();
  });

  test("corrects with three times what the question secures, not with less", () => {
    const six = rereport(saying(200n, 0, 1, 2, 3, 4, 5));
    const secured = (secures: bigint) => decisiveRereport({ ...six, terms: { ...terms, secures } });
    expect(secured(200n)).not.toBeNull();
    expect(secured(201n)).toBeNull();
  });

  test("confirms, or calls a jury, with two thirds of those who had not signed", () => {
    expect(decisiveRereport(rereport(saying(100n, 3, 4, 5)))).toBeNull();
    expect(decisiveRereport(rereport(saying(100n, 3, 4, 5, 6)))).toMatchObject({
      value: 100n,
      seats: bitmapOf([3, 4, 5, 6]),
    });
    // First signers who say it too are left out of it.
    expect(decisiveRereport(rereport(saying(300n, 0, 3, 4, 5, 6)))).toMatchObject({
      value: 300n,
      seats: bitmapOf([3, 4, 5, 6]),
    });
    expect(decisiveRereport(rereport(saying(TOO_EARLY, 3, 4, 5, 6)))).toMatchObject({ value: TOO_EARLY });
  });
});

describe("the court clock", () => {
  const pauses = [
    { from: 1_000, until: 1_100 },
    { from: 2_000, until: 2_050 },
  ];

  test("stands during a pause", () => {
    const shown = [999, 1_000, 1_050, 1_100, 1_999, 2_025, 2_050, 2_100].map((at) => courtClock(pauses, at));
    expect(shown).toEqual([999, 1_000, 1_000, 1_000, 1_899, 1_900, 1_900, 1_950]);
  });

  test("each reading is first shown at the second that unixAt gives", () => {
    for (const clock of [999, 1_000, 1_001, 1_899, 1_900, 1_901, 2_500]) {
      const at = unixAt(pauses, clock);
      expect(courtClock(pauses, at)).toBe(clock);
      expect(courtClock(pauses, at - 1)).toBeLessThan(clock);
    }
  });

  test("knows the pause under way, and its mark", () => {
    expect(pauseAt(pauses, 1_099)).toBe(pauses[0]);
    expect(pauseAt(pauses, 1_100)).toBeUndefined();
    expect([1, 7, 8, 15].map(pauseMark)).toEqual([1, 7, 1, 1]);
  });
});

test("a claim that the question does not allow says that it has no answer", () => {
  expect(heldClaim(dispute, terms)).toBe(200n);
  expect(heldClaim({ ...dispute, claim: terms.max + 1n }, terms)).toBe(INVALID);
  expect(heldClaim({ ...dispute, claim: TOO_EARLY }, terms)).toBe(TOO_EARLY);
  expect(heldClaim(dispute, { ...terms, aggregation: "root" })).toBe(INVALID);
  expect(isJuryOnly(dispute)).toBe(false);
});

test("values within tolerance are one answer, no value is like another", () => {
  expect([differs(100n, 105n, 5n), differs(100n, 106n, 5n), differs(106n, 100n, 5n)]).toEqual([
    false,
    true,
    true,
  ]);
  expect([differs(INVALID, 100n, 1n << 95n), differs(TOO_EARLY, INVALID, 5n)]).toEqual([true, true]);
});

test("a juror votes for what he finds, and stays away when he cannot tell", () => {
  const o = { answer: 100n, claim: 200n, tolerance: 5n };
  expect([103n, 205n, 150n, INVALID].map((value) => choiceFor(value, o))).toEqual([1, 2, 3, 3]);
  expect(choiceFor(TOO_EARLY, o)).toBeNull();
  expect(choiceFor(TOO_EARLY, { ...o, claim: TOO_EARLY })).toBe(2);
  expect(choiceFor(100n, { ...o, claim: TOO_EARLY })).toBe(1);
  expect(choiceFor(150n, { ...o, claim: TOO_EARLY })).toBe(2);
  expect(choiceFor(INVALID, { ...o, claim: INVALID })).toBe(2);
  expect([102n, 103n, 101n].map((value) => choiceFor(value, { ...o, claim: 104n }))).toEqual([1, 2, 1]);
});

test("a disputed word holds all of the dispute's hash but the state", () => {
  const { digest } = disputedWord(disputeId(dispute));
  expect(encodeAnswerWord({ state: "disputed", digest })).toBe(
    (BigInt(disputeId(dispute)) & ~(255n << 136n)) | (4n << 136n),
  );
});
