import { type Hex } from "@sooth/kernel";
import { sql, type Store } from "@sooth/store";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../test/database.ts";
import {
  answer,
  ask,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  happen,
  joinAll,
  OPENS,
  ownerOf,
  seatOf,
  signers,
  stranger,
  WEIGHT,
} from "../../test/people.ts";
import { countProviders, countsPerBlock } from "./provider-counts.ts";
import { listProviders, readProviderCursor } from "./providers.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.providers, oracle.signers, oracle.epochs, oracle.rosters, oracle.seats, oracle.questions,
    oracle.reports, chain.cursors, chain.blocks cascade`.execute(store.db);
  await joinAll(store.db);
});

/** Joined, and on no bench: their ids lie between those of who hold seats. */
const others: Hex[] = [`0x${"15".repeat(20)}`, `0x${"35".repeat(20)}`, `0x${"05".repeat(20)}`];
const joinOthers = () =>
  happen(
    store.db,
    "stakeManager",
    "Joined",
    ...others.map((owner, n) => ({
      owner,
      signer: privateKeyToAddress(`0x${String(n + 50).padStart(64, "0")}`),
      stake: WEIGHT,
      kinds: 0,
    })),
  );
/** Seats 0 to 3 with these weights. */
const weigh = (epoch: number, weights: readonly bigint[]) =>
  happen(store.db, "stakeManager", "EpochAdvanced", {
    domain: 0,
    epoch,
    totalWeight: weights.reduce((sum, weight) => sum + weight, 0n),
    seats: signers.map(({ address }, seat) => (BigInt(address) << 96n) | (weights[seat] ?? 0n)),
  });

async function pages(limit: number): Promise<string[][]> {
  const found: string[][] = [];
  let after: ReturnType<typeof readProviderCursor> | undefined;
  do {
    const { items, next } = await listProviders(store.db, { after, limit });
    found.push(items.map(({ owner }) => owner));
    after = next === null ? undefined : readProviderCursor(next);
  } while (after);
  return found;
}

test("by weight, then those without a seat by owner; pages of any size hold each of them once", async () => {
  await joinOthers();
  await weigh(2, [5n, 7n, 7n, 9n]);
  const all = [...[3, 1, 2, 0].map(ownerOf), ...others.toSorted()];
  for (const limit of [1, 2, 3, 4, 5, 7, 100]) {
    const found = await pages(limit);
    expect(found.flat()).toEqual(all);
    expect(found.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(7 / limit) }, (_, page) => Math.min(limit, 7 - page * limit)),
    );
  }
  expect((await listProviders(store.db, { limit: 1 })).totalWeight).toBe(28n);
});

test("a cursor of another list is refused", () => {
  for (const cursor of ["x", "12:3", `1:${ownerOf(0)}1`, `-1:${ownerOf(0)}`])
    expect(() => readProviderCursor(cursor)).toThrow("is not a cursor");
});

test("the provider of a key is the one who names it now, and none where nobody does", async () => {
  const by = async (signer: string) =>
    (await listProviders(store.db, { signer, limit: 5 })).items.map(({ owner }) => owner);
  const { address } = seatOf(1);
  expect([await by(address), await by(stranger.address)]).toEqual([[ownerOf(1)], []]);
  await happen(store.db, "stakeManager", "SignerRotated", {
    owner: ownerOf(1),
    from: address,
    to: stranger.address,
  });
  expect([await by(address), await by(stranger.address)]).toEqual([[], [ownerOf(1)]]);
});

test("what a provider did is counted anew for each block, and for no two requests of one", async () => {
  const countsOf = countsPerBlock({ store, hub: clock(OPENS).chain });
  const counted = async () => (await countsOf([ownerOf(1)])).get(ownerOf(1))?.counted;
  const answered = async (nonce: bigint) => {
    const question = asked(boolSchema(), { nonce });
    await ask(store.db, question);
    await answer(store.db, question, { value: 1n, finalizeAt: OPENS, seats: 0b0010n });
  };
  const head = async (number: number, hash: string) => {
    await sql`insert into chain.blocks (chain_id, number, hash, parent, timestamp)
      values (${CHAIN_ID}, ${number}, ${hash}, '0x', ${OPENS})`.execute(store.db);
    await sql`insert into chain.cursors (chain_id, number, hash, undo_from) values (${CHAIN_ID}, ${number}, ${hash}, 0)
      on conflict (chain_id) do update set number = excluded.number, hash = excluded.hash`.execute(store.db);
  };
  // Nothing was followed: nothing is kept.
  expect(await counted()).toBe(0);
  await answered(1n);
  expect(await counted()).toBe(1);

  await head(1, "0x01");
  expect(await Promise.all([counted(), counted()])).toEqual([1, 1]);
  await answered(2n);
  expect(await counted()).toBe(1);
  await head(2, "0x02");
  expect(await counted()).toBe(2);
});

test("of somebody who did nothing everything is zero, and of nobody there is nothing", async () => {
  const none = { reports: 0, lastReportAt: null, counted: 0, slashed: 0n, misses: 0 };
  expect(await countProviders(store.db, [ownerOf(0)])).toEqual(new Map([[ownerOf(0), none]]));
  expect(await countProviders(store.db, [])).toEqual(new Map());
});
