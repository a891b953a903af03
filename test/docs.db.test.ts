import { MIGRATIONS } from "@sooth/server";
import { migrate, openQueue, openStore, type Queue, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Whoever opens a runbook has an alarm in his ear: a column that was renamed is found here, and not by him. */
const folder = path.resolve(import.meta.dirname, "../docs/runbooks");

function statementsIn(file: string): string[] {
  const text = readFileSync(path.join(folder, file), "utf8");
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  const blocks = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
  return [...spans, ...blocks].filter((code) => /^(?:select|truncate|delete|update)\s/.test(code));
}
const all = readdirSync(folder).flatMap((file) => statementsIn(file).map((code) => [file, code] as const));

let store: Store;
let queue: Queue;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await testDatabase();
  store = openStore({ url: database.url, max: 2 });
  await migrate(store, MIGRATIONS);
  // Its tables are the library's.
  queue = await openQueue(store, { jobs: ["sweep"] });
  drop = async () => {
    await queue.stop();
    await store.close();
    await database.drop();
  };
});
afterAll(() => drop());

test("there are statements to try", () => {
  expect(all.length).toBeGreaterThan(10);
});

test.each(all)("%s: %s", async (_, code) => {
  await expect(store.pool.query(code)).resolves.toBeDefined();
});

test("a column that does not exist is found", async () => {
  await expect(store.pool.query("select amount from oracle.stake_moves")).rejects.toThrow(/amount/);
});
