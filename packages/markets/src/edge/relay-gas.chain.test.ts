import type { Address, Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import type { LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOnStage, yesNo } from "../../test/staged-market.ts";
import { DOLLAR, openStage, type Stage } from "../../test/stage.ts";
import { wireRelayed } from "../core/index.ts";
import { wirePreparedStake } from "./prepare.ts";
import { relayById, relayStake } from "./relay.ts";

let stage: Stage;
let market: Hex;
beforeAll(async () => {
  stage = await openStage();
  market = (await openOnStage(stage, yesNo({ text: "What does a stake cost?" }))).id;
});
afterAll(() => stage.close());

const prepare = async (owner: Address) => {
  const url = `/v1/markets/${market}/stakes/prepare`;
  const payload = { owner, outcome: 1, amount: String(DOLLAR / 100n) };
  return wirePreparedStake.parse((await stage.app.inject({ method: "POST", url, payload })).json());
};
/** A stake of a wallet with this code. */
const byWallet = async (code: Hex) => {
  const owner = await stage.contractWallet();
  await stage.hub.client.request({ method: "anvil_setCode" as never, params: [owner, code] as never });
  return { intent: (await prepare(owner)).intent, signature: "0x00", permit: null };
};
const signedBy = async (account: LocalAccount) => {
  const { intent, typedData, permit } = await prepare(account.address);
  type Typed = Parameters<LocalAccount["signTypedData"]>[0];
  return {
    intent,
    signature: await account.signTypedData(typedData as never as Typed),
    permit: permit && {
      value: String(permit.message["value"]),
      deadline: Number(permit.message["deadline"]),
      signature: await account.signTypedData(permit as never as Typed),
    },
  };
};
const becomes = (id: string, status: RegExp) =>
  expect
    .poll(async () => (await relayById(stage.store.db, id))?.status, { timeout: 60_000, interval: 50 })
    .toMatch(status);
const gasOf = async (id: string): Promise<bigint> => {
  const hash = (await relayById(stage.store.db, id))?.transaction;
  return (await stage.hub.client.getTransactionReceipt({ hash: hash as Hex })).gasUsed;
};

/** Counts down in its signature check until this much gas is gone, and then accepts. */
const hungry = (gas: number): Hex => {
  // start := gas(); for (;;) if (start - gas() > wanted) return bytes4(0x1626ba7e)
  const wanted = gas.toString(16).padStart(8, "0");
  return `0x5a5b5a810363${wanted}106011576001565b631626ba7e60e01b5f5260205ff3`;
};

test.each([500_000, 4_000_000, 24_000_000])(
  "a wallet whose signature takes %i gas to check is not paid for",
  async (gas) => {
    await expect(relayStake(stage.deps, await byWallet(hungry(gas)))).rejects.toMatchObject({
      code: "markets.relay_too_costly",
      status: 409,
    });
  },
);

test("a wallet that refuses its signature is told so, not that it costs too much", async () => {
  const refusing = await byWallet("0x5f5f5260205ff3");
  await expect(relayStake(stage.deps, refusing)).rejects.toMatchObject({ code: "markets.bad_signature" });
});

test("an ordinary contract wallet has room", async () => {
  const { id } = await relayStake(stage.deps, await byWallet(hungry(150_000)));
  await becomes(id, /mined/);
  const used = await gasOf(id);
  expect(used).toBeGreaterThan(200_000n);
  expect(used).toBeLessThan(400_000n);
});

test.each([
  [1_000_000, "markets.relay_failed"],
  // So much is not even tried: to the contract it is a wallet that refuses.
  [26_000_000, "markets.bad_signature"],
])("a wallet that takes %i gas once its stake is taken fails alone", async (gas, code) => {
  // Checked cheaply, then given another code before its lane estimates: the outbox holds to the limit by itself.
  const made = await byWallet(hungry(1_000));
  await stage.store.transaction(async (tx) => {
    const store = { ...stage.store, transaction: async <T>(work: (t: typeof tx) => Promise<T>) => work(tx) };
    await relayStake({ ...stage.deps, store }, made);
    const params = [made.intent.owner, hungry(gas)];
    await stage.hub.client.request({ method: "anvil_setCode" as never, params: params as never });
  });
  const taken = await one<{ id: string }>(
    stage.store.db,
    sql`select id from markets.relayed where owner = ${made.intent.owner.toLowerCase()}`,
  );
  const honest = await relayStake(stage.deps, await signedBy(await stage.trader({ gas: false })));
  await becomes(honest.id, /mined/);
  await becomes(String(taken?.id), /failed/);
  const failed = wireRelayed.parse(await relayById(stage.store.db, String(taken?.id)));
  expect(failed).toMatchObject({ transaction: null, error: { code } });
});

test("all owners together are limited by the gas that they take in a minute", async () => {
  const { gas } = (await one<{ gas: bigint }>(
    stage.store.db,
    sql`select sum(gas) as gas from chain.outbox where purpose = 'stake' and nonce is not null`,
  )) ?? { gas: 0n };
  const trader = await stage.trader({ gas: false });
  const limited = (most: number) => ({
    ...stage.deps,
    config: { ...stage.deps.config, MARKETS_RELAY_GAS_PER_MINUTE: most },
  });
  const room = Number(gas) + 400_000;
  await expect(relayStake(limited(room - 1), await signedBy(trader))).rejects.toMatchObject({
    code: "markets.relay_busy",
    status: 429,
  });
  const { id } = await relayStake(limited(room), await signedBy(trader));
  await becomes(id, /mined/);
});

test("all owners together are limited by the gas that they take in a day", async () => {
  const { gas } = (await one<{ gas: bigint }>(
    stage.store.db,
    sql`select sum(gas) as gas from chain.outbox where purpose = 'stake' and nonce is not null`,
  )) ?? { gas: 0n };
  const made = await signedBy(await stage.trader({ gas: false }));
  const most = Number(gas) + 399_999;
  const limited = { ...stage.deps, config: { ...stage.deps.config, MARKETS_RELAY_GAS_PER_DAY: most } };
  await expect(relayStake(limited, made)).rejects.toMatchObject({ code: "markets.relay_busy" });
});

test("who had stakes mined and undone has none relayed for a day; others have", async () => {
  const made = await signedBy(await stage.trader({ gas: false }));
  const owner = made.intent.owner.toLowerCase();
  const undone = async (n: number, transaction: string | null) => {
    const key = `markets:stake:0x00:${owner}:${n}:spent`;
    await sql`insert into chain.outbox (chain_id, key, "to", data, purpose, status, nonce, gas, transaction, error_name)
      values (${stage.hub.definition.id}, ${key}, '0x', '0x', 'stake', 'failed', ${1_000_000 + n}, 1, ${transaction}, 'x')`.execute(
      stage.store.db,
    );
    await sql`insert into markets.relayed (id, outbox_key, market, owner, nonce, at)
      values (${`undone-${n}`}, ${key}, '0x00', ${owner}, ${1_000_000 + n}, 0)`.execute(stage.store.db);
  };
  // What was never sent counts for nothing.
  for (const n of [1, 2, 3]) await undone(n, null);
  for (const n of [4, 5]) await undone(n, "0x04");
  const once = { ...stage.deps, config: { ...stage.deps.config, MARKETS_RELAY_PER_DAY: 5 } };
  await expect(relayStake(once, made)).rejects.toMatchObject({ code: "markets.too_many_stakes" });
  await undone(6, "0x06");
  await expect(relayStake(stage.deps, made)).rejects.toMatchObject({
    code: "markets.too_many_stakes",
    data: { retryAfterSeconds: 86_400 },
  });
  await sql`delete from markets.relayed where id = 'undone-6'`.execute(stage.store.db);
  const { id } = await relayStake(stage.deps, made);
  await becomes(id, /mined/);
});
