import { migrate, one, openStore, rows, sql, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chainMigrations } from "../migrations.ts";
import { changeAs, undoAbove } from "./cursor.ts";

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url, max: 2 });
  await migrate(store, [chainMigrations]);
  await sql
    .raw(
      `create schema odd;
      create type odd.mood as enum ('calm', 'cross');
      create table odd."Mixed Case" (
        chain bigint, "Key part" text, serial bigint generated always as identity,
        bytes bytea, big numeric(78, 0), exact numeric, list text[], numbers bigint[], nested jsonb, at timestamptz,
        mood odd.mood, real8 double precision, long_text text, flag boolean default true,
        sum numeric generated always as (big * 2) stored, gone text, primary key (chain, "Key part"));
      alter table odd."Mixed Case" drop column gone;
      create table odd.child (id int primary key, chain bigint, part text,
        foreign key (chain, part) references odd."Mixed Case");
      select chain.track('odd."Mixed Case"');
      select chain.track('odd.child')`,
    )
    .execute(store.db);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  await sql
    .raw(`delete from odd.child; delete from odd."Mixed Case"; delete from chain.undo;
    insert into odd."Mixed Case" (chain, "Key part", bytes, big, exact, list, numbers, nested, at, mood, real8, long_text)
    values (7, 'it''s "odd"', '\\x00ff5c27', 2::numeric ^ 255, 1.500, array['a,b', null, '"\\'], array[1, 9007199254740993],
      '{"n": 1e400, "t": "\\u00e9"}', '2026-11-21 08:00:00.123456+02', 'cross', 'NaN', repeat('ab\n', 9000)),
      (7, 'second', null, 1, null, '{}', null, '[]', null, 'calm', 0.1, '');
    insert into odd.child values (1, 7, 'second'), (2, 7, 'it''s "odd"')`)
    .execute(store.db);
});

const all = () =>
  rows(
    store.db,
    sql`select m::text from odd."Mixed Case" m union all select c::text from odd.child c order by 1`,
  );
const change = (block: number, statements: string) =>
  store.transaction(async (tx) => {
    await changeAs(tx, 5, block);
    await sql.raw(statements).execute(tx);
  });
const undo = (above: number) => store.transaction((tx) => undoAbove(tx, 5, above));

test("rows of every type come back as they were, whatever was done to them", async () => {
  const before = await all();
  await change(
    10,
    `update odd."Mixed Case" set bytes = null, big = 5, exact = 2, list = null, mood = 'calm', at = now(), nested = null`,
  );
  await change(
    11,
    `delete from odd.child where id = 1; delete from odd."Mixed Case" where "Key part" = 'second'`,
  );
  await change(
    12,
    `update odd."Mixed Case" set "Key part" = 'renamed' where false;
     insert into odd."Mixed Case" (chain, "Key part", big) values (8, 'new', 1);
     update odd."Mixed Case" set big = 3, long_text = 'x' where chain = 8;
     insert into odd.child values (3, 8, 'new');
     delete from odd.child;
     delete from odd."Mixed Case" where chain = 8`,
  );
  expect(await all()).not.toEqual(before);
  await undo(9);
  expect(await all()).toEqual(before);
  expect(await rows(store.db, sql`select 1 from chain.undo`)).toEqual([]);
});

test("a changed key is changed back", async () => {
  await sql`delete from odd.child`.execute(store.db);
  const before = await all();
  await change(10, `update odd."Mixed Case" set "Key part" = 'moved', chain = 9 where "Key part" = 'second'`);
  await change(10, `update odd."Mixed Case" set "Key part" = 'second' where chain = 7`);
  await undo(9);
  expect(await all()).toEqual(before);
});

test("only blocks above are undone, and only of that chain", async () => {
  await change(10, `update odd."Mixed Case" set big = 10 where "Key part" = 'second'`);
  await change(11, `update odd."Mixed Case" set big = 11 where "Key part" = 'second'`);
  await store.transaction(async (tx) => {
    await changeAs(tx, 6, 11);
    await sql`update odd."Mixed Case" set exact = 6 where "Key part" = 'second'`.execute(tx);
  });
  await sql`delete from chain.undo where chain_id = 6`.execute(store.db);
  await undo(10);
  expect(await one(store.db, sql`select big from odd."Mixed Case" where "Key part" = 'second'`)).toEqual({
    big: 10n,
  });
});

test("changes outside a followed block are not recorded", async () => {
  await sql`update odd."Mixed Case" set big = 1`.execute(store.db);
  await change(10, "select 1");
  await sql`update odd."Mixed Case" set big = 2`.execute(store.db);
  expect(await rows(store.db, sql`select 1 from chain.undo`)).toEqual([]);
});

test("a table without a key cannot be tracked", async () => {
  await sql`create table odd.keyless (a int)`.execute(store.db);
  await expect(sql`select chain.track('odd.keyless')`.execute(store.db)).rejects.toThrow(
    "has no primary key",
  );
});
