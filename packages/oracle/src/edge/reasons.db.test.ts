import { sql } from "@sooth/store";
import { expect, test } from "vitest";
import { ask, asked, boolSchema } from "../../test/people.ts";
import { quarrelStage } from "../../test/quarrel-stage.ts";
import { object } from "../../test/quarrel.ts";
import { reasonHash } from "../core/index.ts";
import { disputeById } from "./disputes.ts";
import { eraseReason, forgetReasons, keepReason, reasonText } from "./reasons.ts";

const stage = quarrelStage();

test("texts that nobody objects with do not fill the disk: the oldest go", async () => {
  await sql`truncate oracle.reasons`.execute(stage.store.db);
  const first = await keepReason(stage.store.db, "the first of many");
  await sql`insert into oracle.reasons (hash, text, at)
    select 'filler ' || n, 'filler', now() + n * interval '1 millisecond' from generate_series(1, 4095) n`.execute(
    stage.store.db,
  );
  await forgetReasons(stage.store.db);
  expect(await reasonText(stage.store.db, first)).toBe("the first of many");
  const last = await keepReason(stage.store.db, "one too many");
  await sql`update oracle.reasons set at = now() + interval '1 minute' where hash = ${last}`.execute(
    stage.store.db,
  );
  await forgetReasons(stage.store.db);
  expect(await reasonText(stage.store.db, first)).toBeNull();
  expect(await reasonText(stage.store.db, last)).toBe("one too many");
  await sql`truncate oracle.reasons`.execute(stage.store.db);
});

test("a reason is kept by its hash, shown with its dispute, and may be erased for good", async () => {
  const text = "https://one.example says\n> closed at 2,998.50";
  const hash = await keepReason(stage.store.db, text);
  expect(hash).toBe(reasonHash(text));
  expect(await keepReason(stage.store.db, text)).toBe(hash);
  const question = asked(boolSchema(), { nonce: 77n });
  await ask(stage.store.db, question);
  const dispute = await object(stage.store.db, question, 10, hash);
  const shown = async () => (await disputeById(stage.store.db, dispute))?.reason;
  expect(await shown()).toEqual({ hash, text });

  // What nobody objects with is forgotten after a day, however often it is handed over; what somebody does stays.
  const unused = await keepReason(stage.store.db, "never mind");
  await sql`update oracle.reasons set at = now() - interval '2 days'`.execute(stage.store.db);
  await keepReason(stage.store.db, "never mind");
  await forgetReasons(stage.store.db);
  expect(await reasonText(stage.store.db, unused)).toBeNull();
  expect(await shown()).toEqual({ hash, text });

  expect(await eraseReason(stage.store.db, hash.toUpperCase().replace("0X", "0x"))).toBe(true);
  expect(await shown()).toEqual({ hash, text: null });
  expect(await eraseReason(stage.store.db, hash)).toBe(false);
  await expect(keepReason(stage.store.db, text)).rejects.toThrow(/was erased/);
  await expect(keepReason(stage.store.db, " ")).rejects.toThrow(/says nothing/);
});
