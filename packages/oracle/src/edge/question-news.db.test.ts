import { need } from "@sooth/kernel";
import { expect, test } from "vitest";
import { answer, ask, happen, joinAll, ownerOf, signers } from "../../test/people.ts";
import { juror, question, quarrelStage } from "../../test/quarrel-stage.ts";
import { convene, DISPUTER, object, takeJurors, timeOf } from "../../test/quarrel.ts";
import { openJuries } from "./juries.ts";
import { jurySeatsOf, questionNews } from "./question-news.ts";

const stage = quarrelStage();
const { quarrel, prove } = stage;
const { asker } = question.terms;
const all = { own: true, kinds: ["answered", "disputed", "reopened"], limit: 10 } as const;
const told = async (over: object) =>
  (await questionNews(stage.store.db, { ...all, asker, questions: [], ...over })).map(({ kind }) => kind);

test("who asked and who follows a question hears of an objection, of what he wants to hear", async () => {
  await quarrel();
  const follower = { asker: ownerOf(3), questions: [question.id] };
  expect(await told({})).toEqual(["disputed"]);
  expect(await told(follower)).toEqual(["disputed"]);
  expect(await told({ own: false })).toEqual([]);
  expect(await told({ ...follower, kinds: ["answered"] })).toEqual([]);
  expect(await told({ asker: ownerOf(3) })).toEqual([]);
  expect(await told({ since: timeOf(10) })).toEqual([]);
  expect(await told({ since: timeOf(9) })).toEqual(["disputed"]);
  expect(await told({ before: { at: timeOf(10), id: "a" } })).toEqual([]);
});

test("a juror hears of his seat once it is drawn, by the block's clock, and nobody else", async () => {
  const { db } = stage.store;
  await joinAll(db);
  // Nobody holds more than two of nine seats, so that all five of these sit.
  await takeJurors(
    db,
    [...signers, juror(0)].map(({ address }) => address),
  );
  await ask(db, question);
  await answer(db, question, { value: 0n, finalizeAt: timeOf(1_200) });
  await happen(db, "oracle", "Credited", { account: DISPUTER, amount: 300_000_000n });
  const { id: jury } = await convene(db, await object(db, question, 10), 120);
  const owners = signers.map((_, seat) => ownerOf(seat));
  const seats = async () => (await Promise.all(owners.map((owner) => jurySeatsOf(db, owner)))).flat();
  expect(await seats()).toEqual([]);
  await prove();
  const drawn = await seats();
  expect(drawn).toEqual(owners.map(() => ({ jury, question: question.id, at: timeOf(120) })));
  expect(await jurySeatsOf(db, juror(0).address)).toEqual([]);
  // He was drawn by the key that he has replaced since, which is nobody's any more.
  const [before] = signers;
  await happen(db, "stakeManager", "SignerRotated", {
    at: 130,
    owner: ownerOf(0),
    from: need(before, "a signer").address,
    to: juror(1).address,
  });
  expect(await jurySeatsOf(db, ownerOf(0))).toEqual([expect.objectContaining({ jury })]);
  expect(await jurySeatsOf(db, juror(1).address)).toEqual([expect.objectContaining({ jury })]);
  expect(await jurySeatsOf(db, need(before, "a signer").address)).toEqual([]);
});

test("all juries that are open are found, however many a page holds", async () => {
  const { db } = stage.store;
  const dispute = await quarrel();
  const convened: string[] = [];
  for (const at of [120, 130, 140]) convened.push((await convene(db, dispute, at)).id);
  for (const page of [1, 2, 3, 500]) {
    const found: string[] = [];
    for await (const { id } of openJuries(db, page)) found.push(id);
    expect(found).toEqual(convened);
  }
});
