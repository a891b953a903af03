import { type Chain, enqueueTransaction } from "@sooth/chain";
import { logger } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { zeroAddress } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { addresses, hash, type Ledger, openLedger, person, START } from "../../test/ledger.ts";
import { markets, marketsConfig } from "../index.ts";

const DAY = 86_400;
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await sql`truncate markets.relayed, chain.outbox cascade`.execute(ledger.store.db);
});

const relayed = async (key: string, status: string, at: number) => {
  const { id } = await enqueueTransaction(ledger.store.db, {
    chainId: 31_337,
    key,
    to: addresses.markets,
    data: "0x",
    purpose: "stake",
  });
  await sql`update chain.outbox set status = ${status}, error_name = ${status === "failed" ? "Error" : null}
    where key = ${key}`.execute(ledger.store.db);
  await sql`insert into markets.relayed (id, outbox_key, market, owner, nonce, at)
    values (${id}, ${key}, ${hash(1)}, ${person(1)}, 0, ${at})`.execute(ledger.store.db);
};
/** The keeper asks the contracts what they were built with. */
const client = {
  readContract: async ({ functionName }: { functionName: string }) =>
    functionName === "approver" ? zeroAddress : 1,
};
const nobody = () => Promise.reject(new Error("nobody asks"));
const sweep = async (keeper: "on" | "off" = "off") => {
  const config = { ...marketsConfig.parse({}), MARKETS_KEEPER: keeper };
  const deps = {
    store: ledger.store,
    hub: { ...ledger.hub, client } as unknown as Chain,
    addresses,
    beacon: { fetch: nobody, latest: nobody },
    config,
    log: logger("markets-test"),
  };
  await markets.sweep(deps, { chainId: 31_337, hash: "0x", number: 1, timestamp: START });
};
const kept = async () =>
  (
    await rows<{ key: string }>(
      ledger.store.db,
      sql`select outbox_key as key from markets.relayed order by outbox_key`,
    )
  ).map(({ key }) => key);

test("a relayed stake that has ended is forgotten after thirty days of the chain, one that waits is not", async () => {
  for (const status of ["queued", "sent", "mined", "final", "failed"]) {
    await relayed(`old ${status}`, status, START - 30 * DAY - 1);
    await relayed(`young ${status}`, status, START - 30 * DAY);
  }
  await sweep();
  expect(await kept()).toEqual([
    "old queued",
    "old sent",
    ...["failed", "final", "mined", "queued", "sent"].map((status) => `young ${status}`),
  ]);
});

test("a thousand go at a time, the oldest first, with the keeper on as with it off", async () => {
  await sql`insert into chain.outbox (chain_id, key, "to", data, value, purpose, priority, status)
    select 31337, 'many ' || n, ${addresses.markets}, '0x', 0, 'stake', 1, 'mined' from generate_series(1, 1003) n`.execute(
    ledger.store.db,
  );
  await sql`insert into markets.relayed (id, outbox_key, market, owner, nonce, at)
    select id::text, key, ${hash(1)}, ${person(1)}, 0, ${START - 60 * DAY} - substr(key, 6)::int from chain.outbox`.execute(
    ledger.store.db,
  );
  await sweep("on");
  expect(await kept()).toEqual(["many 1", "many 2", "many 3"]);
  await sweep("off");
  expect(await kept()).toEqual([]);
});
