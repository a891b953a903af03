import { sql } from "@sooth/store";
import { keccak256, toHex, zeroAddress } from "viem";
import { expect, test } from "vitest";
import { answer, ask, happen } from "../../../test/people.ts";
import { question, quarrelStage } from "../../../test/quarrel-stage.ts";
import { timeOf } from "../../../test/quarrel.ts";
import { need } from "@sooth/kernel";
import { questionDetail } from "../question-detail.ts";
import { questionById } from "../questions.ts";
import { forgetReasons, keepReason } from "../reasons.ts";

const stage = quarrelStage();
const { id } = question;
const WATCHER = `0x${"Ab".repeat(20)}` as const;
const WHY = "the page says 2,998.50";

const shown = async () => {
  const stored = need(await questionById(stage.store.db, id), "the question");
  const limits = { tier: 1n << 96n, seconds: 60 };
  return questionDetail(stage.store.db, stored, { now: timeOf(20), limits, markets: [] });
};
const name = (watcher: string) =>
  happen(stage.store.db, "oracle", "WatcherSet", { at: 1, question: id, watcher });
const veto = (reason: string) =>
  happen(stage.store.db, "oracle", "Vetoed", {
    at: 12,
    question: id,
    watcher: WATCHER,
    finalizeAt: timeOf(1_500),
    reason,
  });

test("the last one who is named watches, and nobody where nobody is", async () => {
  await ask(stage.store.db, question);
  expect(await shown()).toMatchObject({ watcher: null, veto: null });
  await name(`0x${"01".repeat(20)}`);
  await name(WATCHER);
  expect((await shown()).watcher).toBe(WATCHER.toLowerCase());
  await name(zeroAddress);
  expect((await shown()).watcher).toBeNull();
});

test("a veto moves finality, is spent, says why, and is no pause", async () => {
  await ask(stage.store.db, question);
  await name(WATCHER);
  await answer(stage.store.db, question, { value: 1n, finalizeAt: timeOf(1_200) });
  const reason = await keepReason(stage.store.db, WHY);
  await veto(reason);
  const detail = await shown();
  expect(detail).toMatchObject({
    status: "answered",
    finalizeAt: timeOf(1_500),
    watcher: null,
    veto: {
      watcher: WATCHER.toLowerCase(),
      at: timeOf(12),
      finalizeAt: timeOf(1_500),
      reason: { hash: reason, text: WHY },
    },
  });
  expect((await questionById(stage.store.db, id))?.word).toMatchObject({ held: 0 });
  // Its reason is kept as long as a dispute's.
  await sql`update oracle.reasons set at = now() - interval '2 days' where hash = ${reason}`.execute(
    stage.store.db,
  );
  await forgetReasons(stage.store.db);
  expect((await shown()).veto?.reason?.text).toBe(WHY);
});

test("a text that comes after its veto is kept, and one that never comes is told as missing", async () => {
  await ask(stage.store.db, question);
  await answer(stage.store.db, question, { value: 1n, finalizeAt: timeOf(1_200) });
  const late = "told late";
  await veto(keccak256(toHex(late)));
  expect((await shown()).veto?.reason).toEqual({ hash: keccak256(toHex(late)), text: null });
  const hash = await keepReason(stage.store.db, late);
  await sql`update oracle.reasons set at = now() - interval '2 days' where hash = ${hash}`.execute(
    stage.store.db,
  );
  await forgetReasons(stage.store.db);
  expect((await shown()).veto?.reason?.text).toBe(late);
});

test("a reorg gives the watcher his veto back", async () => {
  await ask(stage.store.db, question);
  await name(WATCHER);
  await answer(stage.store.db, question, { value: 1n, finalizeAt: timeOf(1_200) });
  const before = await shown();
  await stage.store.transaction(async (tx) => {
    await sql`select set_config('sooth.block', '31337:12', true)`.execute(tx);
    await happen(tx, "oracle", "Vetoed", {
      at: 12,
      question: id,
      watcher: WATCHER,
      finalizeAt: timeOf(1_500),
      reason: `0x${"00".repeat(32)}`,
    });
  });
  expect((await shown()).veto?.reason).toBeNull();
  await sql`select chain.undo_above(31337, 11)`.execute(stage.store.db);
  expect(await shown()).toEqual(before);
});
