import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { type Client, escapeIdentifier } from "pg";
import { openSession } from "./session.ts";
import { StoreError } from "./store-error.ts";
import type { Store } from "./store.ts";
import { asStoreError, isUnreachable } from "./unreachable.ts";

/** Numbered .sql files of one slice. `slice` is also the name of its Postgres schema. */
export type MigrationSet = { slice: string; folder: URL };
type File = { slice: string; name: string; text: string; sha256: string };
type Applied = { slice: string; name: string; sha256: string };

export const storeMigrations: MigrationSet = {
  slice: "store",
  folder: new URL("../migrations/", import.meta.url),
};

// Any number would do, if nobody else on the same database uses it: "soot" as ASCII.
const LOCK = 0x73_6f_6f_74;

/**
 * Applies what is missing, in the order of `sets` and of the files' numbers, each file in a transaction of its own.
 * Many processes may call it at once: one works, the others wait and find nothing to do.
 * @returns names applied now, such as `oracle/0001_questions`
 * @throws store.migration_changed, store.migration_newer, store.migration_failed, store.bad_migration_name
 */
export async function migrate(store: Store, sets: readonly MigrationSet[]): Promise<string[]> {
  const wanted = [storeMigrations, ...sets.filter(({ slice }) => slice !== storeMigrations.slice)];
  const files = (await Promise.all(wanted.map(readSet))).flat();
  // A connection outside the pool: the lock is the session's, so ending it lets go whatever happens.
  const { client, end } = await openSession(store, "migrate");
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    const applied = await readApplied(client);
    const missing = compare(files, applied, new Set(wanted.map(({ slice }) => slice)));
    for (const file of missing) await apply(client, file);
    return missing.map(nameOf);
  } catch (error) {
    return asStoreError(error);
  } finally {
    await end();
  }
}

const nameOf = (file: { slice: string; name: string }): string => `${file.slice}/${file.name}`;

async function readSet({ slice, folder }: MigrationSet): Promise<File[]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (file, index) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file) || Number(file.slice(0, 4)) !== index + 1)
        throw StoreError.bad_migration_name({ slice, file });
      const text = await readFile(new URL(file, folder), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      return { slice, name: file.replace(/\.sql$/, ""), text, sha256 };
    }),
  );
}

async function readApplied(client: Client): Promise<Applied[]> {
  const { rows } = await client.query<{ known: string | null }>(
    "select to_regclass('store.migrations')::text as known",
  );
  if (!rows[0]?.known) return [];
  return (await client.query<Applied>("select slice, name, sha256 from store.migrations")).rows;
}

/** Files not applied yet. A slice that this process was not given is none of its business. */
function compare(files: readonly File[], applied: readonly Applied[], slices: ReadonlySet<string>): File[] {
  const byName = new Map(files.map((file) => [nameOf(file), file]));
  for (const row of applied.filter(({ slice }) => slices.has(slice))) {
    const file = byName.get(nameOf(row));
    if (!file) throw StoreError.migration_newer({ name: nameOf(row) });
    if (file.sha256 !== row.sha256) throw StoreError.migration_changed({ name: nameOf(row) });
  }
  const done = new Set(applied.map(nameOf));
  return files.filter((file) => !done.has(nameOf(file)));
}

async function apply(client: Client, file: File): Promise<void> {
  try {
    await client.query("begin");
    await client.query(`create schema if not exists ${escapeIdentifier(file.slice)}`);
    await client.query(file.text);
    await client.query("insert into store.migrations (slice, name, sha256) values ($1, $2, $3)", [
      file.slice,
      file.name,
      file.sha256,
    ]);
    await client.query("commit");
  } catch (error) {
    if (isUnreachable(error)) throw error;
    await client.query("rollback");
    throw StoreError.migration_failed(
      { name: nameOf(file), found: (error as Error).message },
      { cause: error },
    );
  }
}
