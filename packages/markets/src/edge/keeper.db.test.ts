import { chainById } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger, registry } from "@sooth/runtime";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  addresses,
  answered,
  claimed,
  emitted,
  type Ledger,
  openLedger,
  openMarket,
  person,
  staked,
  START,
} from "../../test/ledger.ts";
import { ATTEMPTS, CLAIMS_EACH } from "../core/index.ts";
import { type MarketsConfig, marketsConfig } from "./config.ts";
import type { Deps } from "./deps.ts";
import { claimablePositions, MOST_PAYMENTS, sweep } from "./keeper.ts";
import { marketsByIds } from "./market-rows.ts";

let ledger: Ledger;
const log = logger("markets-test");
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await sql`truncate chain.outbox cascade`.execute(ledger.store.db);
  await sql`update markets.markets set unclaimed = 0, fee_due = null`.execute(ledger.store.db);
});

const keep = async (config: Partial<MarketsConfig> = {}, chainId = 31_337) => {
  const hub = { ...ledger.hub, definition: chainById(chainId) };
  const deps: Deps = {
    store: ledger.store,
    hub,
    addresses,
    config: { ...marketsConfig.parse({}), ...config },
    log,
  };
  await sweep(deps, { chainId, hash: "0x", ...ledger.head });
};
const outbox = () =>
  rows<{ id: number; key: string; purpose: string; data: string; status: string }>(
    ledger.store.db,
    sql`select id, key, purpose, data, status from chain.outbox order by id`,
  );
const fail = (ids: readonly number[]) =>
  sql`update chain.outbox set status = 'failed', error_name = 'TransferFailed', error_text = 'refused'
    where id = any(${ids}::bigint[])`.execute(ledger.store.db);
const sentFor = async (id: string) => (await outbox()).filter(({ key }) => key.includes(id)).length;
const gaugeOf = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;

const winners = async (count: number, o: { feeBps?: number } = {}) => {
  const market = openMarket({ closesAt: ledger.head.timestamp + 100, ...o });
  const stakes = Array.from({ length: count }, (_, index) => staked(market.id, person(index), 1, 1_000n));
  await ledger.block([...market.logs, ...stakes, staked(market.id, person(800), 0, 50_000n)]);
  const finalAt = ledger.head.timestamp + 300;
  await ledger.block([answered(market.questionId, 1n, finalAt)]);
  return { ...market, finalAt };
};

test("nothing is sent before the answer is final, everything once from then on", async () => {
  const market = await winners(CLAIMS_EACH + 1);
  await ledger.block([], market.finalAt - 1);
  await keep();
  expect(await outbox()).toEqual([]);
  await ledger.block([], market.finalAt);
  await keep();
  const sent = await outbox();
  expect(sent.map(({ purpose }) => purpose)).toEqual(["claim", "claim", "fee"]);
  await keep();
  await Promise.all([keep(), keep()]);
  expect(await outbox()).toEqual(sent);
  expect(await gaugeOf("markets_keeper_backlog")).toBe(CLAIMS_EACH + 1);
});

test("whoever claims by himself changes no batch", async () => {
  const market = await winners(3);
  await ledger.block([], market.finalAt);
  await keep();
  const sent = await outbox();
  await ledger.block([claimed(market.id, person(0), 1, 1_000n, 17_333n)]);
  await keep();
  expect(await outbox()).toEqual(sent);
  expect(await gaugeOf("markets_keeper_backlog")).toBe(2);
});

test("batches that are claimed are read no more, and those that are not stay what they were", async () => {
  const market = await winners(CLAIMS_EACH + 3);
  await ledger.block([], market.finalAt);
  await keep();
  const sent = await outbox();
  const read = async () => {
    const { db } = ledger.store;
    const stored = [...(await marketsByIds(db, [market.id])).values()];
    return ((await claimablePositions(db, stored)).get(market.id) ?? []).map(({ owner }) => owner);
  };
  const all = await read();
  expect(all).toHaveLength(CLAIMS_EACH + 3);
  const claim = (owners: readonly Hex[]) =>
    ledger.block(owners.map((owner) => claimed(market.id, owner, 1, 1_000n, 2_000n)));
  await claim(all.slice(1, CLAIMS_EACH));
  expect(await read()).toEqual(all);
  await claim(all.slice(0, 1));
  expect(await read()).toEqual(all.slice(CLAIMS_EACH));
  await keep();
  expect(await outbox()).toEqual(sent);
  await claim(all.slice(CLAIMS_EACH));
  expect(await read()).toEqual([]);
});

test("markets behind one with very many open payments wait until those are made", async () => {
  const [first, second] = [await winners(1, { feeBps: 0 }), await winners(1, { feeBps: 0 })];
  await sql`update markets.markets set unclaimed = ${MOST_PAYMENTS} where id = ${first.id}`.execute(
    ledger.store.db,
  );
  await ledger.block([], second.finalAt);
  await keep();
  expect([await sentFor(first.id), await sentFor(second.id)]).toEqual([1, 0]);
  await ledger.block([claimed(first.id, person(0), 1, 1_000n, 51_000n)]);
  await keep();
  expect(await sentFor(second.id)).toBe(1);
});

test("a payment that the collateral refuses is cut out, and all others are paid", async () => {
  const market = await winners(8, { feeBps: 0 });
  await ledger.block([], market.finalAt);
  const refused = person(5).slice(2);
  for (let round = 0; round < 6; round++) {
    await keep();
    const open = (await outbox()).filter(({ status }) => status === "queued");
    await fail(open.filter(({ data }) => data.includes(refused)).map(({ id }) => id));
    await sql`update chain.outbox set status = 'mined' where status = 'queued'`.execute(ledger.store.db);
  }
  const all = await outbox();
  // 8 → 4 → 2 → 1 with him, and 4, 2, 1 without.
  expect(all).toHaveLength(7);
  const paid = all
    .filter(({ status }) => status === "mined")
    .map(({ data }) => data)
    .join();
  const missing = Array.from({ length: 8 }, (_, index) => person(index).slice(2)).filter(
    (owner) => !paid.includes(owner),
  );
  expect(missing).toEqual([refused]);
  // Once is no refusal yet, and he is not waited for; the others' claims are mined, but their logs not read.
  expect(await gaugeOf("markets_keeper_stuck")).toBe(0);
  expect(await gaugeOf("markets_keeper_backlog")).toBe(7);
});

test("what reverted once is sent again an hour later, and done", async () => {
  const market = await winners(1);
  await ledger.block([], market.finalAt);
  await keep();
  const before = await outbox();
  expect(before.map(({ purpose }) => purpose)).toEqual(["claim", "fee"]);
  await fail(before.map(({ id }) => id));
  await keep();
  await ledger.block([], market.finalAt + 3_599);
  await keep();
  expect(await outbox()).toHaveLength(2);
  expect(await gaugeOf("markets_keeper_stuck")).toBe(0);
  await ledger.block([], market.finalAt + 3_600);
  await keep();
  const after = (await outbox()).slice(2);
  expect(after.map(({ key, data }) => [key, data])).toEqual(
    before.map(({ key, data }) => [`${key}:2`, data]),
  );
  await sql`update chain.outbox set status = 'mined' where status = 'queued'`.execute(ledger.store.db);
  await ledger.block(
    [
      claimed(market.id, person(0), 1, 1_000n, 50_000n),
      emitted.markets("FeeCollected", { market: market.id, creator: person(901), fee: 1_000n }),
    ],
    market.finalAt + 9_000,
  );
  await keep();
  expect(await outbox()).toHaveLength(4);
  expect(await gaugeOf("markets_keeper_backlog")).toBe(0);
});

test("what reverts at every attempt is asked for once an hour, five times, and is stuck then", async () => {
  const market = await winners(1);
  for (let hour = 0; hour < ATTEMPTS + 2; hour++) {
    await ledger.block([], market.finalAt + hour * 3_600);
    for (let round = 0; round < 3; round++) {
      await keep();
      await fail((await outbox()).map(({ id }) => id));
    }
    expect(await sentFor(market.id)).toBe(2 * Math.min(hour + 1, ATTEMPTS));
    expect(await gaugeOf("markets_keeper_stuck")).toBe(hour < ATTEMPTS ? 0 : 1);
  }
  // Its owner has been paid meanwhile: the next look finds nothing.
  await ledger.block(
    [claimed(market.id, person(0), 1, 1_000n, 50_000n)],
    market.finalAt + (ATTEMPTS + 2) * 3_600,
  );
  await keep();
  expect(await gaugeOf("markets_keeper_stuck")).toBe(0);
});

test("markets whose payments are refused leave the others their turn, and are looked at again", async () => {
  const refusing = await winners(1);
  await ledger.block([], refusing.finalAt);
  // As many as are looked at after one block, all older than the one that can be paid, and behind the one that refuses.
  await sql`insert into markets.markets select (jsonb_populate_record(m, jsonb_build_object(
      'id', '0xff' || lpad(to_hex(n), 62, '0'), 'unclaimed', 0, 'fee_due', 1))).*
    from markets.markets m, generate_series(1, 200) n where m.id = ${refusing.id}`.execute(ledger.store.db);
  const paying = await winners(1);
  await ledger.block([], paying.finalAt);
  const failOpen = async () => {
    const open = (await outbox()).filter(
      ({ key, status }) => status === "queued" && !key.includes(paying.id),
    );
    await fail(open.map(({ id }) => id));
  };
  await keep();
  expect(await sentFor(paying.id)).toBe(0);
  await failOpen();
  for (let round = 0; round < 2; round++) {
    await keep();
    await failOpen();
  }
  expect(await sentFor(paying.id)).toBe(2);
  // An hour later the refused one is looked at again, though its owner has been paid meanwhile: for the fee.
  expect(await sentFor(refusing.id)).toBe(2);
  await ledger.block([claimed(refusing.id, person(0), 1, 1_000n, 50_000n)], paying.finalAt + 3_700);
  await keep();
  await keep();
  expect(await sentFor(refusing.id)).toBe(3);
});

test("a void market without any answer is refunded right after the deadline", async () => {
  const market = openMarket({ closesAt: ledger.head.timestamp + 100 });
  await ledger.block([
    ...market.logs,
    staked(market.id, person(1), 0, 5n),
    staked(market.id, person(2), 1, 7n),
  ]);
  await ledger.block([], market.question.deadline);
  await keep();
  expect(await outbox()).toEqual([]);
  await ledger.block([], market.question.deadline + 1);
  await keep();
  expect((await outbox()).map(({ purpose }) => purpose)).toEqual(["claim"]);
});

test("a market that is paid is not looked at again", async () => {
  const market = await winners(1);
  await ledger.block([], market.finalAt);
  await ledger.block([
    claimed(market.id, person(0), 1, 1_000n, 50_000n),
    emitted.markets("FeeCollected", { market: market.id, creator: person(901), fee: 1_000n }),
  ]);
  await keep();
  expect(await outbox()).toEqual([]);
  expect(await gaugeOf("markets_keeper_backlog")).toBe(0);
});

test("where money is real it stays off unless told, and leaves people time to claim by themselves", async () => {
  const market = await winners(1);
  await ledger.block([], market.finalAt + 3_599);
  await keep({ MARKETS_KEEPER: "off" });
  await keep({}, 10);
  await keep({ MARKETS_KEEPER: "on" }, 10);
  expect(await outbox()).toEqual([]);
  await ledger.block([], market.finalAt + 3_600);
  await keep({ MARKETS_KEEPER: "on" }, 10);
  expect((await outbox()).map(({ purpose }) => purpose)).toEqual(["claim", "fee"]);
  expect(START).toBeLessThan(ledger.head.timestamp);
});
