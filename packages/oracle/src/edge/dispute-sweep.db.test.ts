import { sql } from "@sooth/store";
import { expect, test } from "vitest";
import { quarrelStage } from "../../test/quarrel-stage.ts";
import { convene, timeOf } from "../../test/quarrel.ts";

const stage = quarrelStage();
const { sweepAt, quarrel } = stage;

/** More than a page of others, all of them older: the same row but for what `over` puts in its place. */
const crowd = (table: "disputes" | "juries", over: Record<string, unknown>) =>
  sql`insert into oracle.${sql.ref(table)}
    select (jsonb_populate_record(one, ${JSON.stringify(over)}::jsonb || jsonb_build_object('id', '0x' || n, 'log', n))).*
    from oracle.${sql.ref(table)} one, generate_series(1, 501) n`.execute(stage.store.db);

test("disputes that wait hide none behind them, however many they are", async () => {
  const id = await quarrel();
  await crowd("disputes", { question: "0xnone", at: 0, block: 0 });
  expect(await sweepAt(timeOf(110))).toEqual([`oracle:dispute:${id}:convene:disputed:0`]);
});

test("juries that sit hide none behind them", async () => {
  const { id } = await convene(stage.store.db, await quarrel(), 120);
  await crowd("juries", { dispute: null, block: 0, opened_at: timeOf(1_000_000) });
  const due = await sweepAt(timeOf(10_000));
  expect(due.filter((key) => key.startsWith("oracle:jury:"))).toEqual([`oracle:jury:${id}:close`]);
});
