import { type Address, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  A,
  B,
  emitted,
  ESCROWED,
  hash,
  HUB,
  type Ledger,
  makeBundle,
  openLedger,
  person,
  START,
} from "../../../test/ledger.ts";
import { encodeLegs, legHash, nextSteps, NO_RESULT, NOBODY, statusOf } from "../../core/index.ts";
import { chainsOf } from "../deps.ts";
import { boundedLanes, lanesOfLegs } from "../lanes.ts";
import { listIds } from "../rows/list-bundles.ts";
import { readClocks } from "../rows/clocks.ts";
import { loadBundles } from "../rows/load-bundles.ts";
import { toShown } from "../rows/to-shown.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
});
afterAll(() => ledger.close());

const [OK, FAILED, CANCELLED] = [1, 2, 3];
const RESULT = hash(0xabc);
const receipt = (by: "settler" | "escrow", ordinal: bigint, status: number, relayer = person(5)) => {
  const args = { ordinal, status, result: status === OK ? RESULT : NO_RESULT, relayer };
  return by === "settler" ? emitted.settler("Receipt", args) : emitted.escrow("Receipt", args);
};
const look = async (id: string) => {
  const [stored] = await loadBundles(ledger.store.db, [id]);
  const clocks = await readClocks(ledger.store.db, chainsOf(ledger.deps));
  const shown = toShown(need(stored, "the bundle"), HUB, clocks);
  return { stored: need(stored, "the bundle"), shown, status: statusOf(shown, () => true) };
};
const TABLES = [
  "bundles",
  "shares",
  "receipts",
  "returned",
  "tries",
  "held",
  "pauses",
  "rests",
  "lanes",
  "attester_sets",
];
const contents = () =>
  Promise.all(
    TABLES.map((table) =>
      rows<{ row: unknown }>(
        ledger.store.db,
        sql`select to_jsonb(t) as row from ${sql.table(`bundles.${table}`)} t order by to_jsonb(t)::text`,
      ),
    ),
  );

test("an ordered bundle goes from opened to completed, by the logs of three chains", async () => {
  const { id, base, opened, legs, bundle } = makeBundle();
  await ledger.block(HUB, [opened]);
  const first = await look(id);
  expect(first.stored).toMatchObject({
    bundle,
    isPrivate: false,
    opening: { base },
    fee: 3_000n,
    outcome: "open",
  });
  expect(first.stored.legs).toEqual(legs);
  expect(first.status).toEqual({ kind: "ready", legs: [0] });

  await ledger.block(A, [
    emitted.settler("Returned", { ordinal: base, data: "0x01" }),
    receipt("settler", base, OK),
  ]);
  const ran = await look(id);
  expect(ran.stored.shown[0]).toMatchObject({
    state: "ok",
    result: RESULT,
    relayer: person(5),
    returned: "0x01",
    chainId: A,
  });
  expect(ran.status).toEqual({ kind: "running", ran: [0], waiting: [1] });

  await ledger.block(B, [receipt("settler", base + 1n, OK)]);
  expect(nextSteps((await look(id)).shown, () => true).act.map((one) => one.do)).toEqual(["commit"]);
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 2 })]);
  expect((await look(id)).status).toEqual({ kind: "completed" });
  const share = { id, relayer: person(5), amount: 800n, epoch: 3, toAttesters: 200n };
  await ledger.block(HUB, [
    emitted.hub("ShareSettled", { ...share, index: 0 }),
    emitted.hub("ShareSettled", { ...share, index: 1, relayer: NOBODY, toAttesters: 0n, amount: 1_000n }),
  ]);
  const paid = await look(id);
  expect(paid.stored.shares).toEqual([
    { bundle: id, place: 0, relayer: person(5), amount: 800n, epoch: 3, toAttesters: 200n },
    { bundle: id, place: 1, relayer: null, amount: 1_000n, epoch: 3, toAttesters: 0n },
  ]);
  expect(paid.shown.hub.settled).toBe(true);
  expect(nextSteps(paid.shown, () => true).act).toEqual([]);
});

test("a compensation that fails is stuck until it runs", async () => {
  const { id, base, opened } = makeBundle();
  await ledger.block(HUB, [opened]);
  await ledger.block(A, [receipt("settler", base, OK)]);
  await ledger.block(B, [receipt("settler", base + 1n, FAILED)]);
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 3 })]);
  expect((await look(id)).status).toEqual({ kind: "compensating", due: [2] });
  const failed = emitted.settler("NotUndone", { ordinal: base + 2n, result: RESULT, relayer: person(5) });
  await ledger.block(A, [failed, failed, emitted.settler("Skipped", { ordinal: base + 2n, why: 3 })]);
  const stuck = await look(id);
  expect(stuck.status).toEqual({ kind: "stuck", legs: [2] });
  expect(stuck.stored.shown[2]).toMatchObject({ failures: 2, skips: 1, wait: "unfunded" });
  await ledger.block(A, [receipt("settler", base + 2n, OK)]);
  expect((await look(id)).status).toEqual({ kind: "compensated", undone: [0], stays: [] });
});

test("an escrowed bundle is held before the hub knows it, and paid", async () => {
  const { id, base, opened, legs } = makeBundle({ mode: "escrowed", legs: ESCROWED });
  const prepared = (index: number) =>
    emitted.escrow("Prepared", { id, index, leg: legHash(need(legs[index], "a leg")) });
  await ledger.block(A, [prepared(0)]);
  await ledger.block(HUB, [opened]);
  expect((await look(id)).status).toEqual({ kind: "preparing", held: [0], missing: [1] });
  await ledger.block(B, [prepared(1)]);
  expect((await look(id)).status).toEqual({ kind: "prepared" });
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 2 })]);
  await ledger.block(A, [
    emitted.escrow("Finished", { id, index: 0, outcome: 2 }),
    receipt("escrow", base, OK),
  ]);
  expect((await look(id)).status).toEqual({ kind: "decided", outcome: "committed", held: [1] });
  // An ordinal's receipt by the settler is no receipt of an escrow's leg.
  await ledger.block(B, [receipt("settler", base + 1n, OK)]);
  expect((await look(id)).status).toEqual({ kind: "decided", outcome: "committed", held: [1] });
  await ledger.block(B, [emitted.escrow("NotFinished", { id, index: 1 })]);
  expect((await look(id)).stored.shown[1]?.failures).toBe(1);
  await ledger.block(B, [
    emitted.escrow("Finished", { id, index: 1, outcome: 2 }),
    receipt("escrow", base + 1n, OK),
  ]);
  expect((await look(id)).status).toEqual({ kind: "completed" });
});

test("what nobody opened is aborted and given back, has no fee, and stands in nobody's list", async () => {
  const deadline = START - 1;
  const { id, base, opened, legs, bundle } = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline });
  const prepared = emitted.escrow("Prepared", { id, index: 0, leg: legHash(need(legs[0], "a leg")) });
  await ledger.block(A, [prepared]);
  await ledger.block(HUB, [
    { ...opened, event: "Unopened" },
    emitted.hub("Decided", { id, base, outcome: 3 }),
  ]);
  const { stored, shown } = await look(id);
  expect(stored).toMatchObject({ bundle, fee: 0n, outcome: "aborted", reclaimed: 0n });
  expect(nextSteps(shown, () => true).act.map((one) => one.do)).toEqual(["finish"]);
  const listed = await listIds(ledger.store.db, { owner: bundle.owner }, undefined, 100);
  expect(listed.map((one) => one.id)).not.toContain(id);
});

test("legs that were not logged are unknown, and so are bytes that are not the header's legs", async () => {
  const hidden = makeBundle({ isPrivate: true });
  const other = makeBundle();
  const lied = { ...other.opened, args: { ...other.opened.args, legs: encodeLegs(ESCROWED) } };
  await ledger.block(HUB, [hidden.opened, lied]);
  for (const { id } of [hidden, other]) {
    const { stored, status } = await look(id);
    expect(stored).toMatchObject({ legs: null, hashes: null, isPrivate: true });
    expect(status.kind).toBe("ready");
  }
});

test("legs that somebody shows later are the bundle's when they hash to it", async () => {
  const hidden = makeBundle({ isPrivate: true });
  const { id } = hidden;
  await ledger.block(HUB, [hidden.opened]);
  await ledger.block(HUB, [emitted.hub("Shown", { id, legs: encodeLegs(ESCROWED) })]);
  expect((await look(id)).stored.legs).toBeNull();
  await ledger.block(HUB, [emitted.hub("Shown", { id, legs: encodeLegs(hidden.legs) })]);
  expect((await look(id)).stored).toMatchObject({ legs: hidden.legs, isPrivate: false });
  await ledger.block(HUB, [emitted.hub("Shown", { id, legs: "0x" })]);
  expect((await look(id)).stored.legs).toEqual(hidden.legs);
});

test("a pause of a chain's settler holds up its legs until it ends", async () => {
  const { id, opened } = makeBundle();
  await ledger.block(HUB, [opened]);
  const until = ledger.head(A).timestamp + 10;
  await ledger.block(A, [emitted.settler("Paused", { guardian: person(8), until })]);
  expect((await look(id)).status).toEqual({ kind: "ready", legs: [] });
  await ledger.block(A, [], until);
  expect((await look(id)).status).toEqual({ kind: "ready", legs: [0] });
});

beforeEach(async () => {
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
});

const limit = (token: number, perHour: bigint) =>
  emitted.escrow("LaneLimitSet", { chainId: BigInt(B), token: person(token), perHour, strictUntil: 0 });
const lane = (chainId: number, other: number, token: string) =>
  ({ chainId, other, token: token.toLowerCase() as Address, perHour: 1n }) as const;

test("an escrow wants other legs shown as long as one of its lanes is bounded", async () => {
  const lanes = async () => {
    const clocks = await readClocks(ledger.store.db, chainsOf(ledger.deps));
    return [HUB, A, B].map((chain) => clocks.get(chain)?.lanes);
  };
  expect(await lanes()).toEqual([false, false, false]);
  await ledger.block(A, [limit(1, 2n ** 95n), limit(2, 1n)]);
  expect(await lanes()).toEqual([false, true, false]);
  const bounded = await boundedLanes(ledger.store.db);
  expect(bounded.map(({ perHour }) => perHour)).toEqual([2n ** 95n, 1n]);
  await ledger.block(A, [limit(1, 0n)]);
  expect(await lanes()).toEqual([false, true, false]);
  await ledger.block(A, [limit(2, 0n)]);
  expect(await lanes()).toEqual([false, false, false]);
});

test("a leg counts on the lanes of its own token to each other chain of its bundle", () => {
  const [first, second] = [need(ESCROWED[0], "a leg"), need(ESCROWED[1], "a leg")];
  const to = (token: string) => [lane(A, B, token), lane(A, HUB, token), lane(B, A, token)];
  expect(lanesOfLegs(to(first.target), [first, second, first])).toEqual([
    { lane: lane(A, B, first.target), places: [0, 2], amount: 2n * first.value },
    { lane: lane(B, A, first.target), places: [1], amount: second.value },
  ]);
  expect(lanesOfLegs(to(person(9)), ESCROWED)).toEqual([]);
  expect(lanesOfLegs(to(first.target), [first])).toEqual([]);
});

test("a reorg of one chain takes back its rows alone, and a replay leaves the very same", async () => {
  const ordered = makeBundle();
  const escrowed = makeBundle({ mode: "escrowed", legs: ESCROWED });
  const before = new Map([HUB, A, B].map((chain) => [chain, { ...ledger.head(chain) }]));
  const empty = await contents();
  const { id, base } = ordered;
  const legOf = (index: number) => legHash(need(escrowed.legs[index], "a leg"));
  const seats = [(BigInt(person(1)) << 96n) | 5n];
  const onHub = async () => {
    await ledger.block(HUB, [
      ordered.opened,
      escrowed.opened,
      emitted.hub("ToppedUp", { id, from: person(3), amount: 9n }),
    ]);
    await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 3 })]);
    await ledger.block(HUB, [
      emitted.hub("ShareSettled", {
        id,
        index: 0,
        relayer: person(5),
        amount: 1n,
        epoch: 1,
        toAttesters: 1n,
      }),
      emitted.hub("Reclaimed", { id, amount: 7n }),
      emitted.hub("Paused", { guardian: person(8), until: 5 }),
    ]);
  };
  const onA = async () => {
    await ledger.block(A, [
      emitted.settler("Returned", { ordinal: base, data: "0x01" }),
      receipt("settler", base, OK),
      emitted.settler("NotUndone", { ordinal: base + 2n, result: RESULT, relayer: person(5) }),
      emitted.settler("Rested", { target: person(9), until: 77 }),
      emitted.escrow("LaneLimitSet", { chainId: BigInt(B), token: person(9), perHour: 5n, strictUntil: 7 }),
      emitted.escrow("Prepared", { id: escrowed.id, index: 0, leg: legOf(0) }),
      {
        contract: ledger.deps.addresses.attesters,
        event: "AttestersSeated",
        args: { epoch: 1, totalWeight: 5n, seats },
      },
    ]);
    await ledger.block(A, [
      emitted.escrow("Finished", { id: escrowed.id, index: 0, outcome: 3 }),
      receipt("escrow", escrowed.base, CANCELLED),
      { contract: ledger.deps.addresses.attesters, event: "AttestersRenewed", args: { epoch: 1, at: 99 } },
    ]);
  };
  const onB = async () => {
    await ledger.block(B, [emitted.escrow("Prepared", { id: escrowed.id, index: 1, leg: legOf(1) })]);
    await ledger.block(B, [emitted.escrow("TakenBack", { id: escrowed.id, index: 1 })]);
  };
  const back = async (chain: number) => {
    const head = need(before.get(chain), "a head");
    await ledger.undo(chain, head.number);
    Object.assign(ledger.head(chain), head);
  };
  await onHub();
  const hubAlone = await contents();
  await onA();
  await onB();
  const played = await contents();
  expect(played).not.toEqual(hubAlone);
  // Only the rollups' rows go, whatever the hub's say.
  await back(A);
  await back(B);
  expect(await contents()).toEqual(hubAlone);
  await onB();
  await onA();
  expect(await contents()).toEqual(played);
  await back(HUB);
  await onHub();
  expect(await contents()).toEqual(played);
  for (const chain of [HUB, A, B]) await back(chain);
  expect(await contents()).toEqual(empty);
});
