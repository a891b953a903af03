import { AppError } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { one, openStore, rows, sql, type Store, withinTime } from "./index.ts";

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ url: database.url, max: 3, applicationName: "store-test" });
  await sql`create table notes (text text not null)`.execute(store.db);
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const read = async (expression: string): Promise<unknown> =>
  (await one<{ value: unknown }>(store.db, sql`select ${sql.raw(expression)} as value`))?.value;
const caught = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error;
};
const killOthers = (name: string) =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${name} and pid <> pg_backend_pid()`.execute(store.db);

test.each([
  ["int8 is a number", "9007199254740991::int8", 9007199254740991],
  ["a negative int8 is a number", "(-5)::int8", -5],
  ["a count is a number", "(select count(*) from generate_series(1, 3))", 3],
  ["int8[] is numbers", "array[1, null, 3]::int8[]", [1, null, 3]],
  ["a whole numeric is a bigint", `${2n ** 256n - 1n}::numeric(78,0)`, 2n ** 256n - 1n],
  ["a negative numeric is a bigint", "(-7)::numeric", -7n],
  ["numeric[] is bigints", "array[1, 2]::numeric(78,0)[]", [1n, 2n]],
  ["a fraction keeps its digits", "0.10::numeric", "0.10"],
  ["bytea is a Buffer", "'\\xdeadbeef'::bytea", Buffer.from("deadbeef", "hex")],
  ["timestamptz is a Date", "'2026-01-02T03:04:05Z'::timestamptz", new Date("2026-01-02T03:04:05Z")],
  ["null is null", "null::int8", null],
])("%s", async (_, expression, value) => {
  expect(await read(expression)).toEqual(value);
});

test("an int8 that a number cannot hold is refused, not rounded", async () => {
  expect((await caught(read("9007199254740992::int8"))).code).toBe("store.unsafe_integer");
});

test("bigints go in as they came out", async () => {
  const wei = 2n ** 200n;
  const found = await one<{ sum: bigint }>(
    store.db,
    sql`select sum(n) as sum from unnest(${[wei, 1n]}::numeric[]) n`,
  );
  expect(found?.sum).toBe(wei + 1n);
});

test("a transaction commits all or nothing", async () => {
  await store.transaction(async (tx) => {
    await sql`insert into notes values ('kept')`.execute(tx);
  });
  const failed = store.transaction(async (tx) => {
    await sql`insert into notes values ('lost')`.execute(tx);
    throw new RangeError("after the insert");
  });
  await expect(failed).rejects.toThrow(RangeError);
  expect(await rows(store.db, sql`select text from notes`)).toEqual([{ text: "kept" }]);
});

test("a wrong query keeps its own error", async () => {
  await expect(rows(store.db, sql`select * from nowhere`)).rejects.toMatchObject({ code: "42P01" });
});

test("an idle connection that is cut is replaced", async () => {
  const other = openStore({ url: database.url, applicationName: "cut-idle" });
  await rows(other.db, sql`select 1`);
  await killOthers("cut-idle");
  await expect.poll(() => other.pool.totalCount).toBe(0);
  expect(await one(other.db, sql`select 1 as n`)).toEqual({ n: 1 });
  await other.close();
});

test("a connection cut inside a transaction fails it as one that may be tried again", async () => {
  const other = openStore({ url: database.url, applicationName: "cut-busy" });
  const error = await caught(
    other.transaction(async (tx) => {
      await sql`insert into notes values ('cut')`.execute(tx);
      await killOthers("cut-busy");
      await sql`select 1`.execute(tx);
    }),
  );
  expect(error).toMatchObject({ code: "store.unreachable", status: 503, retry: true });
  expect(await one(other.db, sql`select count(*) as n from notes where text = 'cut'`)).toEqual({ n: 0 });
  await other.close();
});

test("a server that is not there is told in one sentence, without the password", async () => {
  const nowhere = openStore({ url: "postgres://user:s3cret@127.0.0.1:1/none" });
  const error = await caught(rows(nowhere.db, sql`select 1`));
  expect(error.code).toBe("store.unreachable");
  expect(error.message).toContain("DATABASE_URL");
  expect(error.message).not.toContain("s3cret");
  await nowhere.close();
});

test("a database that is not there, and a wrong password, are told as such", async () => {
  const elsewhere = new URL(database.url);
  elsewhere.pathname = "/nowhere";
  const guess = new URL(database.url);
  guess.password = "guess";
  for (const url of [elsewhere, guess]) {
    const other = openStore({ url: url.href });
    const error = await caught(rows(other.db, sql`select 1`));
    expect(error).toMatchObject({ code: "store.refused", retry: false });
    expect(error.message).not.toContain(url.password);
    await other.close();
  }
});

test("close may be called twice", async () => {
  const other = openStore({ url: database.url });
  await other.close();
  await expect(other.close()).resolves.toBeUndefined();
});

test("what takes longer than it may is ended, told by a code, and its connection works on without that limit", async () => {
  const slow = sql`select pg_sleep(30)`;
  const error = await caught(withinTime(store, 50, (tx) => slow.execute(tx)));
  expect(error.code).toBe("store.too_slow");
  expect(error.retry).toBe(true);
  const limits = await Promise.all(
    [1, 2, 3].map(() =>
      one<{ limit: string }>(store.db, sql`select current_setting('statement_timeout') as limit`),
    ),
  );
  expect(limits).toEqual(Array.from({ length: 3 }, () => ({ limit: "0" })));
  expect(await withinTime(store, 60_000, (tx) => rows(tx, sql`select 1 as one`))).toEqual([{ one: 1 }]);
  // Another fault of a query stays what it is.
  await expect(withinTime(store, 60_000, (tx) => rows(tx, sql`select 1 / 0`))).rejects.toMatchObject({
    code: "22012",
  });
});
