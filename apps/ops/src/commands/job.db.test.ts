import { migrate, openQueue, openStore, type Queue, sql, type Store, storeMigrations } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "./index.ts";

const JOB = "sweep-markets";
let store: Store;
let queue: Queue;
let drop: () => Promise<void>;
const before = process.env.DATABASE_URL;
beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  store = openStore({ url: database.url, max: 4 });
  await migrate(store, [storeMigrations]);
  queue = await openQueue(store, { jobs: [JOB] });
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await queue.stop();
  await store.close();
  await drop();
});

async function ops(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(argv, COMMANDS, {
    line: (text = "") => lines.push(text),
    result: () => undefined,
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}

test(
  "what failed every time is seen, and runs again when a person says so",
  { timeout: 120_000 },
  async () => {
    let repaired = false;
    let runs = 0;
    await queue.work(JOB, async () => {
      runs += 1;
      if (!repaired) throw new Error("no node answers");
    });
    await queue.send(store.db, JOB, {}, { key: "markets" });
    // Every try is brought forward: their pauses are the queue's own test.
    await expect
      .poll(
        async () => {
          await sql`update pgboss.job set start_after = now() where state = 'retry'`.execute(store.db);
          return (await queue.dead()).length;
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    expect(runs).toBe(4);
    const seen = await ops("job", "list");
    expect(seen.text).toMatch(new RegExp(`^${JOB} +0 +0 +\\d +1$`, "m"));
    expect(seen.text).toContain(`${JOB}: no node answers`);
    expect((await ops("job", "retry", "nothing")).complaint).toContain("sweep-markets");
    repaired = true;
    expect((await ops("job", "retry", JOB)).text).toBe("1 run again");
    await expect.poll(() => runs, { timeout: 60_000 }).toBe(5);
    expect((await ops("job", "list")).text).toMatch(new RegExp(`^${JOB} +0 +0 +\\d +0$`, "m"));
    expect((await ops("job", "retry", JOB)).text).toBe("0 run again");
  },
);
