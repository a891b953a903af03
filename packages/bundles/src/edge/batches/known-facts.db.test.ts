import { type Buckets } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  A,
  emitted,
  ESCROWED,
  hash,
  HUB,
  type Ledger,
  makeBundle,
  openLedger,
  person,
} from "../../../test/ledger.ts";
import { type Fact, legHash, NO_RESULT } from "../../core/index.ts";
import { KnownFacts } from "./known-facts.ts";

let ledger: Ledger;
let left: Map<string, number>;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());
beforeEach(() => (left = new Map()));

/** Nobody has any tokens but those whom the test gives some. */
const buckets: Buckets = {
  take: async (id, cost) => {
    const has = left.get(id) ?? 0;
    if (has < cost) return { ok: false, retryAfterSeconds: 1 };
    left.set(id, has - cost);
    return { ok: true };
  },
};
const known = () => new KnownFacts(ledger.store.db, buckets);
const prepared = (id: `0x${string}`): Fact => ({ kind: "prepared", id });
const decision = (id: `0x${string}`): Fact => ({ kind: "decision", id, base: 0n, outcome: "aborted" });
const opened = (base: bigint, index: number): Fact => ({
  kind: "opened",
  base,
  index,
  owner: person(1),
  deadline: 1,
  leg: hash(1),
});
const receipt = (ordinal: bigint): Fact => ({
  kind: "receipt",
  ordinal,
  status: "ok",
  result: NO_RESULT,
  relayer: person(2),
});
const current = (epoch: number): Fact => ({ kind: "current", day: 1, epoch });

test("facts are known by the rows of what they are about, whatever they say of it", async () => {
  const made = makeBundle();
  const held = makeBundle({ mode: "escrowed", legs: ESCROWED });
  await ledger.block(HUB, [made.opened]);
  await ledger.block(A, [
    emitted.escrow("Prepared", { id: held.id, index: 0, leg: legHash(ESCROWED[0] as (typeof ESCROWED)[0]) }),
  ]);
  await sql`insert into bundles.attester_sets values (${HUB}, 7, 1, '{}', '{}', 1, 1)`.execute(
    ledger.store.db,
  );
  const { base, legs } = made;
  const last = BigInt(legs.length - 1);
  const asked: Fact[] = [
    decision(made.id),
    prepared(held.id),
    opened(base, 0),
    opened(base, legs.length - 1),
    receipt(base),
    receipt(base + last),
    current(7),
  ];
  expect(await known().unknownOf(asked, "one")).toEqual([]);
  const unknown: Fact[] = [
    decision(hash(99)),
    prepared(hash(98)),
    opened(base, legs.length),
    // A leg of the bundle, at another's base.
    opened(base + 1n, 0),
    receipt(base + last + 1n),
    receipt(base - 1n),
    receipt(2n ** 64n - 1n),
    current(8),
  ];
  const all = [...asked, ...unknown];
  expect(await known().unknownOf(all, "one")).toEqual(unknown.map((_, place) => asked.length + place));
});

test("a client may have so many asked that no row is about, and all clients together", async () => {
  const facts = known();
  left = new Map([
    ["unknown", 3],
    ["unknown:one", 2],
    ["unknown:two", 2],
  ]);
  const madeUp = [prepared(hash(90)), prepared(hash(91))];
  expect(await facts.unknownOf(madeUp, "one")).toEqual([]);
  expect(await facts.unknownOf(madeUp, "one")).toEqual([0, 1]);
  expect(await facts.unknownOf(madeUp, "two")).toEqual([0, 1]);
});

test("what is unknown is looked for again, and what is known is not", async () => {
  const made = makeBundle();
  const facts = known();
  expect(await facts.unknownOf([decision(made.id)], "one")).toEqual([0]);
  await ledger.block(HUB, [made.opened]);
  expect(await facts.unknownOf([decision(made.id)], "one")).toEqual([]);
  await ledger.undo(HUB, ledger.head(HUB).number - 1);
  // Remembered: attesters look for themselves.
  expect(await facts.unknownOf([decision(made.id)], "one")).toEqual([]);
});
