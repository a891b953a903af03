import { chainMigrations } from "@sooth/chain";
import { markets } from "@sooth/markets";
import { ATTEMPTS, claimKey } from "@sooth/markets/core";
import type { Address, Hex } from "@sooth/kernel";
import { oracle } from "@sooth/oracle";
import { migrate, one, openStore, sql, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "./index.ts";

const MARKET: Hex = `0x${"ab".repeat(32)}`;
const OTHER: Hex = `0x${"cd".repeat(32)}`;
const [REFUSED, RESTING]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`];
let store: Store;
let drop: () => Promise<void>;
const before = process.env.DATABASE_URL;
beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  store = openStore({ url: database.url, max: 4 });
  await migrate(store, [chainMigrations, oracle.migrations, markets.migrations]);
  process.env.DATABASE_URL = database.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATABASE_URL;
  else process.env.DATABASE_URL = before;
  await store.close();
  await drop();
});

const keyOf = (market: Hex, owner: Address) =>
  `opinions:${claimKey(market, [{ owner, outcome: 0, claimed: false }])}`;
const failed = async (key: string, times: number) => {
  for (let attempt = 1; attempt <= times; attempt++)
    await sql`insert into chain.outbox (chain_id, key, "to", data, purpose, status, error_name, error_text)
      values (31337, ${attempt === 1 ? key : `${key}:${attempt}`}, '0x', '0x', 'claim', 'failed', 'TransferFailed', 'refused by its issuer')`.execute(
      store.db,
    );
};

/** Two stakes of a void market that nobody announced: one failed as often as it may, one once. */
beforeEach(async () => {
  await sql`truncate markets.opinions, markets.refused, markets.payment_retries, markets.failed_phases, chain.outbox cascade`.execute(
    store.db,
  );
  for (const market of [MARKET, OTHER]) {
    for (const [index, owner] of [REFUSED, RESTING].entries())
      await sql`insert into markets.opinions (market, owner, number, amount, opinion, at, block, log, tx, due)
        values (${market}, ${owner}, ${index}, 1000, '0x01', 1, 1, ${index}, '0x', ${1_000 + index})`.execute(
        store.db,
      );
    await failed(keyOf(market, REFUSED), ATTEMPTS);
    await failed(keyOf(market, RESTING), 1);
    await sql`insert into markets.refused values (${market}, 1, 1800000000)`.execute(store.db);
  }
});

async function ops(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(argv, COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}
const againAt = async (market: Hex) =>
  (
    await one<{ again_at: number }>(
      store.db,
      sql`select again_at from markets.refused where market = ${market}`,
    )
  )?.again_at;
const granted = async () =>
  (
    await one<{ sum: number }>(
      store.db,
      sql`select coalesce(sum(granted), 0)::int as sum from markets.payment_retries`,
    )
  )?.sum;

test("payments that failed are listed: whose, how often, why, and what becomes of them", async () => {
  const { code, text } = await ops("payment", "list");
  expect(code).toBe(0);
  expect(text).toMatch(new RegExp(`^claim of opinions +${REFUSED} +1000 +5 +given up$`, "m"));
  expect(text).toMatch(
    new RegExp(`^claim of opinions +${RESTING} +1001 +1 +again at 1800000000 \\(2027-`, "m"),
  );
  expect(text).toContain(`  ${keyOf(MARKET, REFUSED)}: TransferFailed: refused by its issuer`);
  const { payments } = JSON.parse((await ops("payment", "list", "--json")).text) as { payments: object[] };
  expect(payments).toHaveLength(4);
});

test("one payment, one market or all are tried again, and nothing is granted twice", async () => {
  const key = keyOf(MARKET, REFUSED);
  expect((await ops("payment", "retry", key)).text).toBe("1 tried again with the next block");
  expect([await againAt(MARKET), await againAt(OTHER), await granted()]).toEqual([
    0,
    1_800_000_000,
    ATTEMPTS,
  ]);
  expect((await ops("payment", "list")).text).toMatch(
    new RegExp(`${REFUSED} +1000 +5 +with the next block$`, "m"),
  );
  expect((await ops("payment", "retry", MARKET)).text).toBe("2 tried again with the next block");
  expect(await granted()).toBe(ATTEMPTS);
  expect((await ops("payment", "retry", "all")).text).toBe("4 tried again with the next block");
  expect([await againAt(OTHER), await granted()]).toEqual([0, 2 * ATTEMPTS]);
});

test("what is under way, or paid, is none of them; an unknown name is refused", async () => {
  await sql`update markets.opinions set due = 0, paid = 1000 where owner = ${REFUSED}`.execute(store.db);
  await sql`insert into chain.outbox (chain_id, key, "to", data, purpose)
    values (31337, ${`${keyOf(MARKET, RESTING)}:2`}, '0x', '0x', 'claim')`.execute(store.db);
  await sql`delete from markets.refused where market = ${OTHER}`.execute(store.db);
  expect((await ops("payment", "list")).text).toBe(
    "no payment is put aside, and no phase of a market has failed",
  );
  const { code, complaint } = await ops("payment", "retry", keyOf(MARKET, REFUSED));
  expect(code).toBe(3);
  expect(complaint).toContain("[ops.no_payment]");
});

test("phases that are given up, or rest, are listed before payments, and tried again as those are", async () => {
  const [dead, resting] = [`opinions:score:${MARKET}`, `opinions:expire:${OTHER}`];
  await failed(dead, 3);
  await failed(resting, 1);
  await sql`insert into markets.failed_phases values (${dead}, ${MARKET}, 'score', null, 3, 3, null, 1800000000),
    (${resting}, ${OTHER}, 'expire', null, 1, 3, 77, null)`.execute(store.db);
  const { text } = await ops("payment", "list");
  expect(text).toMatch(new RegExp(`^score +${MARKET} +3 +given up; once more at 1800000000 \\(2027-`, "m"));
  expect(text).toMatch(new RegExp(`^expire +${OTHER} +1 +again from block 77$`, "m"));
  expect(text).toContain(`  ${dead}: TransferFailed: refused by its issuer`);
  expect((await ops("payment", "retry", dead)).text).toBe("1 tried again with the next block");
  const left = await one<{ giveUpAt: number; againBlock: number }>(
    store.db,
    sql`select give_up_at as "giveUpAt", again_block as "againBlock" from markets.failed_phases where key = ${dead}`,
  );
  expect(left).toEqual({ giveUpAt: 6, againBlock: 0 });
  expect((await ops("payment", "list")).text).toMatch(
    new RegExp(`^score +${MARKET} +3 +with the next block$`, "m"),
  );
  // A market's: its phase, and both of its payments.
  expect((await ops("payment", "retry", OTHER)).text).toBe("3 tried again with the next block");
});
