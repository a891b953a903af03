import { type Hex, need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { zeroAddress, zeroHash } from "viem";
import { expect, test } from "vitest";
import { answer, ask, asked, boolSchema, happen, joinAll, ownerOf } from "../../test/people.ts";
import { question, quarrelStage } from "../../test/quarrel-stage.ts";
import { answerWord, convene, disputeOf, DISPUTER, timeOf } from "../../test/quarrel.ts";
import { disputeId, encodeAnswerWord, INVALID, silentWord } from "../core/index.ts";
import { toWireDispute } from "./dispute-view.ts";
import { disputeById, disputeRecord } from "./disputes.ts";
import { juryById } from "./juries.ts";
import { providerOf } from "./providers.ts";
import { questionById, toWireQuestion } from "./questions.ts";
import { listSlashes } from "./slashes.ts";

const stage = quarrelStage();
const { sweepAt, moment, quarrel, prove } = stage;

test("a disputed question shows no value, and the dispute its way up the ladder", async () => {
  const id = await quarrel();
  const stored = need(await questionById(stage.store.db, question.id), "the question");
  expect(toWireQuestion(stored, timeOf(11))).toMatchObject({
    status: "disputed",
    value: null,
    finalizeAt: null,
  });
  const dispute = need(await disputeById(stage.store.db, id), "the dispute");
  const told = toWireDispute(dispute, stored, undefined, await moment(timeOf(11)));
  expect(told).toMatchObject({
    id,
    value: "0",
    valueLabel: "No",
    claimLabel: "Yes",
    stage: "disputed",
    until: timeOf(110),
    deposits: [{ who: DISPUTER, amount: "250000000", side: 2, awarded: null }],
  });
  expect(told.ladder.map(({ name, state }) => [name, state])).toEqual([
    ["Answered", "done"],
    ["Disputed", "done"],
    ["Reporting anew", "now"],
    ["Jury of 9", "ahead"],
  ]);
  const held = await one<{ credit: bigint }>(
    stage.store.db,
    sql`select credit from oracle.credits where account = ${DISPUTER}`,
  );
  expect(held?.credit).toBe(50_000_000n);
});

test("silence that is objected to is an INVALID that nobody signed, until a jury says otherwise", async () => {
  await joinAll(stage.store.db);
  await ask(stage.store.db, question);
  const open = need(await questionById(stage.store.db, question.id), "the question");
  const limits = { unit: 1_000_000n, leastDeposit: 250, mostDeposit: 50_000 };
  if (open.word.state !== "open") throw new Error("it is answered");
  const answered = silentWord(open.terms, open.word, limits);
  const { id, ...dispute } = disputeOf(question, 10);
  const silence = { ...dispute, answer: answered };
  const silent = disputeId(silence);
  await happen(stage.store.db, "oracle", "Disputed", { ...silence, reason: zeroHash, at: 10 });

  const stored = need(await questionById(stage.store.db, question.id), "the question");
  expect(stored).toMatchObject({ dispute: silent, word: { state: "disputed" }, answer: { value: INVALID } });
  expect(toWireQuestion(stored, timeOf(11))).toMatchObject({ status: "disputed", value: null });
  const told = toWireDispute(
    need(await disputeById(stage.store.db, silent), "the dispute"),
    stored,
    undefined,
    await moment(timeOf(11)),
  );
  expect(told).toMatchObject({ id: silent, claim: "1", stage: "disputed" });
  expect(told.ladder.map(({ name }) => name)).toEqual([
    "Unanswered",
    "Disputed",
    "Reporting anew",
    "Jury of 9",
  ]);

  const upheld = encodeAnswerWord({ ...need(stored.answer, "answer"), finalizeAt: timeOf(20), ruled: true });
  const ruled = { question: question.id, dispute: silent, root: `0x${"00".repeat(32)}` as Hex };
  await happen(stage.store.db, "oracle", "Ruled", { ...ruled, at: 20, word: upheld, verdict: 0 });
  const over = need(await questionById(stage.store.db, question.id), "the question");
  expect(toWireQuestion(over, timeOf(20))).toMatchObject({ status: "invalid" });
  expect(id).not.toBe(silent);
});

test("convenes after the time to report anew; again and again changes nothing", async () => {
  const id = await quarrel();
  expect(await sweepAt(timeOf(109))).toEqual([]);
  const due = [`oracle:dispute:${id}:convene:disputed:0`];
  expect(await sweepAt(timeOf(110))).toEqual(due);
  expect(await sweepAt(timeOf(111))).toEqual(due);
});

test("a pause stops the court clock, holds answers once, and moves what was due", async () => {
  const id = await quarrel();
  const other = asked(boolSchema(), { nonce: 9n });
  await ask(stage.store.db, other);
  await answer(stage.store.db, other, { value: 1n, finalizeAt: timeOf(1_300) });
  await happen(stage.store.db, "guard", "Paused", {
    at: 60,
    number: 1,
    guardian: zeroAddress,
    until: timeOf(160),
  });
  const held = await sweepAt(timeOf(110));
  expect(held).toEqual([expect.stringMatching(/^oracle:hold:1:/)]);
  await happen(stage.store.db, "oracle", "Held", { at: 111, question: other.id, finalizeAt: timeOf(1_350) });
  expect(await sweepAt(timeOf(159))).toEqual(held);
  expect((await questionById(stage.store.db, other.id))?.answer).toMatchObject({
    held: 1,
    finalizeAt: timeOf(1_350),
  });
  expect(await sweepAt(timeOf(209))).toEqual(held);
  expect(await sweepAt(timeOf(210))).toEqual([...held, `oracle:dispute:${id}:convene:disputed:0`]);
});

/** The whole way: overturned by a jury, slashed, deposits paid. */
async function overturn(): Promise<{ dispute: Hex; jury: Hex }> {
  const dispute = await quarrel();
  const { id: jury } = await convene(stage.store.db, dispute, 120);
  await prove();
  const votes = BigInt(`0b${"10".repeat(7)}0100`);
  await happen(stage.store.db, "court", "Revealed", { at: 195, jury, votes });
  await happen(stage.store.db, "ladder", "VerdictTaken", {
    at: 200,
    dispute,
    jury,
    choice: 2,
    until: timeOf(250),
  });
  await happen(stage.store.db, "court", "JuryClosed", {
    at: 222,
    jury,
    choice: 2,
    votesFor: 7n,
    perSeat: 1n,
    returned: 0n,
  });
  await happen(stage.store.db, "oracle", "Ruled", {
    at: 260,
    question: question.id,
    word: answerWord({ value: 1n, disputes: 1, ruled: true }),
    dispute,
    verdict: 2,
    root: `0x${"00".repeat(32)}`,
  });
  await happen(stage.store.db, "ladder", "Awarded", {
    at: 260,
    dispute,
    who: DISPUTER,
    amount: 187_500_000n,
  });
  await happen(stage.store.db, "ladder", "Concluded", { at: 261, dispute, outcome: 2, toInsurance: 0n });
  await happen(stage.store.db, "stakeManager", "Slashed", {
    at: 262,
    owner: ownerOf(0),
    fault: dispute,
    challenger: DISPUTER,
    amount: 155n,
    stake: 845n,
  });
  await happen(stage.store.db, "stakeManager", "SlashCredited", { at: 262, account: DISPUTER, amount: 46n });
  return { dispute, jury };
}

test("a verdict is taken down, stands for its time and is concluded once", async () => {
  const dispute = await quarrel();
  const { id: jury } = await convene(stage.store.db, dispute, 120);
  await happen(stage.store.db, "ladder", "VerdictTaken", {
    at: 200,
    dispute,
    jury,
    choice: 1,
    until: timeOf(250),
  });
  const before = await sweepAt(timeOf(249));
  expect(before.filter((key) => key.includes("conclude"))).toEqual([]);
  const due = await sweepAt(timeOf(250));
  expect(due.filter((key) => key.includes("conclude"))).toEqual([
    `oracle:dispute:${dispute}:conclude:ruled:0`,
  ]);
  expect(await sweepAt(timeOf(251))).toEqual(due);
});

test("overturned: the question has the claim, the deposit is back, who signed is slashed and why", async () => {
  const { dispute, jury } = await overturn();
  const stored = need(await questionById(stage.store.db, question.id), "the question");
  expect(toWireQuestion(stored, timeOf(1_300))).toMatchObject({ status: "final", value: "1" });
  const found = need(await disputeById(stage.store.db, dispute), "the dispute");
  const told = toWireDispute(found, stored, await juryById(stage.store.db, jury), await moment(timeOf(300)));
  expect(told).toMatchObject({
    stage: "done",
    outcome: "replace",
    deposits: [{ awarded: "187500000", side: 2 }],
  });
  expect(told.ladder.map(({ name }) => name)).toEqual([
    "Answered",
    "Disputed",
    "Reported anew",
    "Jury of 9",
    "Decided",
  ]);
  expect(await disputeRecord(stage.store.db)).toEqual({ upheld: 0, overturned: 1 });
  expect(await listSlashes(stage.store.db, { limit: 5 })).toMatchObject([
    {
      slash: {
        owner: ownerOf(0),
        reason: "overturned",
        question: question.id,
        amount: "155",
        challenger: DISPUTER,
      },
    },
  ]);
  expect(await providerOf(stage.store.db, ownerOf(0))).toMatchObject({
    stake: "845",
    slashed: "155",
  });
  const faults = await rows<{ kind: string }>(
    stage.store.db,
    sql`select distinct kind from oracle.juror_faults where jury = ${jury} order by kind`,
  );
  expect(faults.map(({ kind }) => kind)).toContain("missing");
  expect(await sweepAt(timeOf(300))).toEqual([]);
});

test("reopened as too early, and restored: the question's columns follow the word", async () => {
  const dispute = await quarrel();
  const ruled = (word: bigint, verdict: number) =>
    happen(stage.store.db, "oracle", "Ruled", {
      at: 260,
      question: question.id,
      word,
      dispute,
      verdict,
      root: `0x${"00".repeat(32)}`,
    });
  await ruled(answerWord({ disputes: 1, round: 1 }), 1);
  expect((await questionById(stage.store.db, question.id))?.answer).toMatchObject({
    value: 0n,
    disputes: 1,
    round: 1,
  });
  await ruled(
    encodeAnswerWord({
      state: "open",
      deadline: question.terms.deadline,
      notBefore: timeOf(400),
      round: 2,
      rewardSettled: false,
      disputes: 1,
    }),
    3,
  );
  expect((await questionById(stage.store.db, question.id))?.word).toMatchObject({
    state: "open",
    round: 2,
    notBefore: timeOf(400),
    disputes: 1,
  });
});
