import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./embedded/index.ts";
import { migrate, type MigrationSet, one, openStore, rows, sql, type Store } from "./index.ts";

let database: TestDatabase;
let store: Store;
let folder: string;
let pets: MigrationSet;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-migrations-"));
  pets = { slice: "pets", folder: pathToFileURL(`${folder}/`) };
  await write("0001_cats.sql", "create table pets.cats (name text primary key);");
  await write("0002_dogs.sql", "create table pets.dogs (name text); insert into pets.dogs values ('Rex');");
  database = await testDatabase();
  store = openStore({ url: database.url });
});
afterEach(async () => {
  await store.close();
  await Promise.all([database.drop(), rm(folder, { recursive: true, force: true })]);
});

const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);

test("applies what is missing, in order, and names it", async () => {
  expect(await migrate(store, [pets])).toEqual([
    "store/0001_migrations",
    "store/0002_live_events",
    "pets/0001_cats",
    "pets/0002_dogs",
  ]);
  expect(await migrate(store, [pets])).toEqual([]);
  await write("0003_birds.sql", "create table pets.birds (name text);");
  expect(await migrate(store, [pets])).toEqual(["pets/0003_birds"]);
});

test("four processes at once: each file is applied once, nobody fails", async () => {
  const stores = Array.from({ length: 4 }, () => openStore({ url: database.url }));
  const applied = await Promise.all(stores.map((each) => migrate(each, [pets])));
  expect(applied.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 4]);
  expect(await one(store.db, sql`select count(*) as n from pets.dogs`)).toEqual({ n: 1 });
  await Promise.all(stores.map((each) => each.close()));
});

test("refuses a file that changed after it had been applied", async () => {
  await migrate(store, [pets]);
  await write("0001_cats.sql", "create table pets.cats (name text primary key, age int);");
  await expect(migrate(store, [pets])).rejects.toMatchObject({
    code: "store.migration_changed",
    data: { name: "pets/0001_cats" },
  });
});

test("refuses a database that is newer than the code", async () => {
  await migrate(store, [pets]);
  await rm(path.join(folder, "0002_dogs.sql"));
  await expect(migrate(store, [pets])).rejects.toMatchObject({
    code: "store.migration_newer",
    data: { name: "pets/0002_dogs" },
  });
});

test("leaves the slices alone that it was not given", async () => {
  await migrate(store, [pets]);
  expect(await migrate(store, [])).toEqual([]);
});

test("undoes a file that fails, keeps those before it, and goes on once it is mended", async () => {
  await write("0003_broken.sql", "create table pets.fish (name text); select 1/0;");
  await expect(migrate(store, [pets])).rejects.toMatchObject({
    code: "store.migration_failed",
    message: expect.stringContaining("division by zero"),
  });
  expect(await rows(store.db, sql`select to_regclass('pets.fish') as fish`)).toEqual([{ fish: null }]);
  await write("0003_broken.sql", "create table pets.fish (name text);");
  expect(await migrate(store, [pets])).toEqual(["pets/0003_broken"]);
});

test.each(["0004_gap.sql", "three.sql", "0003-dash.sql"])("refuses the name %s", async (name) => {
  await write(name, "select 1;");
  await expect(migrate(store, [pets])).rejects.toMatchObject({ code: "store.bad_migration_name" });
});

test("a database that is away may be tried again", async () => {
  const nowhere = openStore({ url: "postgres://user@127.0.0.1:1/none" });
  await expect(migrate(nowhere, [pets])).rejects.toMatchObject({ code: "store.unreachable", retry: true });
  await nowhere.close();
});
