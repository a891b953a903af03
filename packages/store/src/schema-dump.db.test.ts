import { expect, test } from "vitest";
import { testDatabase } from "./embedded/index.ts";
import { dumpSchema, migrate, openStore, sql } from "./index.ts";

const PETS = `
  create schema pets;
  create type pets.mood as enum ('calm', 'angry');
  create domain pets.hash as text check (value ~ '^0x');
  create sequence pets.ticket;
  create table pets.owners (id int8 generated always as identity primary key, "full name" text not null unique);
  create table pets.cats (
    owner int8 not null references pets.owners on delete cascade,
    mood pets.mood not null default 'calm',
    weight numeric(78,0) check (weight > 0),
    ounces numeric generated always as (weight * 35) stored,
    dropped text,
    primary key (owner, mood)
  );
  alter table pets.cats drop column dropped;
  create index cats_by_weight on pets.cats (weight desc) where mood = 'angry';
  create function pets.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
  create trigger stamp before update on pets.cats for each row execute function pets.stamp();
  create view pets.heavy as select owner from pets.cats where weight > 9;
`;

test("a schema reads back as what made it, and as the same text from a database made from the dump", async () => {
  const databases = await Promise.all([testDatabase(), testDatabase()]);
  const [first, second] = databases.map(({ url }) => openStore({ url }));
  if (!first || !second) throw new Error("two databases");
  await sql.raw(PETS).execute(first.db);
  const dump = await dumpSchema(first, "pets");
  for (const line of [
    "create type pets.mood as enum (\n  'calm',\n  'angry'\n);",
    "create domain pets.hash as text CHECK ((VALUE ~ '^0x'::text));",
    "create sequence pets.ticket;",
    "  id bigint generated always as identity not null,",
    '  "full name" text not null,',
    "  mood pets.mood default 'calm'::pets.mood not null,",
    "  weight numeric(78,0),",
    "  ounces numeric generated always as ((weight * (35)::numeric)) stored,",
    "  constraint cats_pkey PRIMARY KEY (owner, mood),",
    "  constraint cats_owner_fkey FOREIGN KEY (owner) REFERENCES pets.owners(id) ON DELETE CASCADE,",
    "CREATE INDEX cats_by_weight ON pets.cats USING btree (weight DESC) WHERE (mood = 'angry'::pets.mood);",
    "CREATE TRIGGER stamp BEFORE UPDATE ON pets.cats FOR EACH ROW EXECUTE FUNCTION pets.stamp();",
    "create view pets.heavy as",
  ])
    expect(dump).toContain(line);
  expect(dump).not.toContain("dropped");
  // Foreign keys stand inside their table, so the tables of this copy must come in an order that the names do not give.
  const tables = dump.match(/create table pets\.(?:.|\n)*?\n\);/g) ?? [];
  const ordered = dump.replace(tables.join("\n\n"), tables.toReversed().join("\n\n"));
  await sql.raw(`create schema pets; ${ordered}`).execute(second.db);
  expect(await dumpSchema(second, "pets")).toBe(dump);
  await Promise.all([first.close(), second.close()]);
  await Promise.all(databases.map((database) => database.drop()));
});

test("the store's own schema holds the migrations and what was told last, and nothing else", async () => {
  const database = await testDatabase();
  const store = openStore({ url: database.url });
  await migrate(store, []);
  const dump = await dumpSchema(store, "store");
  expect(dump.match(/^create (?:unlogged )?table .*/gm)).toEqual([
    "create unlogged table store.live_events (",
    "create table store.migrations (",
  ]);
  expect(dump).toContain("  applied_at timestamp with time zone default now() not null,");
  await store.close();
  await database.drop();
});
