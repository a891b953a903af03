import { chainMigrations } from "@sooth/chain";
import { openKey, oracle, serverTime } from "@sooth/oracle";
import { migrate, openStore, type Store } from "@sooth/store";
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

/** What a command said: its result, its lines, its complaints, and how it ended. */
async function ops(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  let result: unknown;
  const code = await runCommand(argv, COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => void (result = value),
    complain: (text) => complaints.push(text),
  });
  return {
    code,
    text: lines.join("\n"),
    complaint: complaints.join("\n"),
    result: result as { id: string; text: string },
  };
}

test("an operator issues, lists, rotates and revokes a key", async () => {
  const made = await ops(
    "key",
    "create",
    "newspaper",
    "--scopes",
    "read,admin",
    "--days",
    "30",
    "--per-second",
    "7",
    "--json",
  );
  const opened = await openKey(store.db, made.result.text, serverTime());
  expect(opened).toMatchObject({ name: "newspaper", scopes: ["read", "admin"], perSecond: 7, burst: null });

  const rotated = await ops("key", "rotate", made.result.id, "--grace-hours", "0", "--json");
  await expect(openKey(store.db, made.result.text, serverTime())).rejects.toMatchObject({
    code: "gateway.key_expired",
  });
  expect((await openKey(store.db, rotated.result.text, serverTime())).perSecond).toBe(7);

  expect((await ops("key", "revoke", rotated.result.id)).text).toBe(
    `${rotated.result.id} opens nothing any more`,
  );
  const { text } = await ops("key", "list");
  expect(text.split("\n")[0]).toMatch(/^id +name +owner +scopes +until +last used +state$/);
  expect(text).toMatch(new RegExp(`^${made.result.id} .*expired$`, "m"));
  expect(text).toMatch(new RegExp(`^${rotated.result.id} .*revoked$`, "m"));
  expect(text).not.toContain(rotated.result.text.slice(-64));
});

test("people are shown the key once, and what cannot be is told", async () => {
  const { text } = await ops("key", "create", "reader");
  expect(text).toMatch(
    /^sooth_[0-9a-f]{12}_[0-9a-f]{64}\n\nShown this once\. Good for read, events until 20/,
  );
  expect((await ops("key", "create", "x", "--days", "900")).complaint).toContain("[gateway.bad_key_terms]");
  expect((await ops("key", "create", "x", "--scopes", "root")).code).toBe(2);
  expect((await ops("key", "revoke", "0123456789ab")).complaint).toContain("[gateway.unknown_key]");
});
