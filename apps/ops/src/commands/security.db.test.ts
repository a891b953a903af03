import { chainMigrations } from "@sooth/chain";
import { oracle } from "@sooth/oracle";
import { migrate, openStore, sql, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "./index.ts";

let store: Store;
let drop: () => Promise<void>;
const before = process.env.DATABASE_URL;
beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  store = openStore({ url: database.url, max: 2 });
  await migrate(store, [chainMigrations, oracle.migrations]);
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
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

test("an operator lists, triages, closes and opens again an event", async () => {
  expect((await ops("security", "list")).text).toBe("no events");
  const id = `0x${"ab".repeat(32)}`;
  await sql`insert into oracle.security_evidence values ('0x01', '{}')`.execute(store.db);
  await sql`insert into oracle.security_events (id, rule, severity, subject, facts, evidence, at)
    values (${id}, 'source-outage', 4, 'k.test',
      '{"failed":"3","readers":"4","sources":"2","sourcesFailing":"1"}', '0x01', 1750000000)`.execute(
    store.db,
  );
  const { text } = await ops("security", "list", "--severity", "4");
  expect(text).toMatch(new RegExp(`^severity 4 +open +source-outage +2025-06-15 15:06 +${id}$`, "m"));
  expect(text).toContain("k.test failed for 3 of 4 readers; 1 of 2 sources fail");
  expect((await ops("security", "list", "--severity", "5")).text).toBe("no events");

  expect((await ops("security", "triage", id, "asking k.test", "--who", "ann")).text).toBe(
    "source-outage is triaged: asking k.test",
  );
  await ops("security", "close", id, "it was their release");
  expect((await ops("security", "list", "--state", "closed")).text).toMatch(/\(ops\): it was their release$/);
  expect((await ops("security", "triage", id, "again")).complaint).toContain("[oracle.event_not_movable]");
  expect((await ops("security", "reopen", id, "it came back")).code).toBe(0);
  expect((await ops("security", "close", `0x${"00".repeat(32)}`, "x")).complaint).toContain(
    "[oracle.unknown_event]",
  );
});
