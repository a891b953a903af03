import { need } from "@sooth/kernel";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  A,
  addresses,
  B,
  emitted,
  ESCROWED,
  HUB,
  leg,
  type Ledger,
  type Made,
  makeBundle,
  openLedger,
  ORDERED,
  person,
  START,
} from "../../../test/ledger.ts";
import { bundleToWire, legHash, legToWire, NO_RESULT, NOBODY } from "../../core/index.ts";
import { bundleNews, type BundleNewsFilter } from "./bundle-news.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const [OK, FAILED, CANCELLED] = [1, 2, 3];
const [COMMITTED, ABORTED] = [2, 3];
const [OWNER, PAYER] = [person(1), person(2)];
const ALL: BundleNewsFilter = { reader: "wallet", kinds: ["ended", "turn"], limit: 100 };

/** What a wallet is told of this bundle so many seconds after the ledger began. */
const told = async ({ id }: Pick<Made, "id">, wallet: string, after: number, reader = ALL.reader) => {
  const filter = { ...ALL, reader };
  const news = await bundleNews(ledger.store.db, wallet as `0x${string}`, filter, START + after);
  return news.filter(({ bundle }) => bundle === id).map(({ event, at }) => [event, at - START]);
};
const receipt = ({ base }: Made, place: number, status: number) =>
  emitted.settler("Receipt", { ordinal: base + BigInt(place), status, result: NO_RESULT, relayer: NOBODY });
const decided = ({ id, base }: Made, outcome: number) => emitted.hub("Decided", { id, base, outcome });
const prepared = ({ id, legs }: Made, index: number) =>
  emitted.escrow("Prepared", { id, index, leg: legHash(need(legs[index], "a leg")) });
const finished = ({ id }: Made, index: number, outcome: number) =>
  emitted.escrow("Finished", { id, index, outcome });
const escrowed = (over: Parameters<typeof makeBundle>[0] = {}) =>
  makeBundle({ mode: "escrowed", legs: ESCROWED, ...over });
const handOver = ({ id, bundle, legs }: Made, isPrivate: boolean) =>
  sql`insert into bundles.payloads (bundle, header, hashes, legs, private)
    values (${id}, ${JSON.stringify(bundleToWire(bundle))}::jsonb, '{}', ${JSON.stringify(legs.map(legToWire))}::jsonb,
      ${isPrivate})`.execute(ledger.store.db);

test("an ordered bundle's owner hears how it ended, when it has, and nobody else does", async () => {
  const done = makeBundle();
  await ledger.block(HUB, [done.opened], START + 10);
  expect(await told(done, OWNER, 20)).toEqual([]);
  await ledger.block(HUB, [decided(done, COMMITTED)], START + 30);
  expect(await told(done, OWNER, 30)).toEqual([["completed", 30]]);
  expect(await told(done, PAYER, 30)).toEqual([]);
  const undone = makeBundle();
  await ledger.block(HUB, [undone.opened]);
  await ledger.block(A, [receipt(undone, 0, OK)]);
  await ledger.block(B, [receipt(undone, 1, FAILED)]);
  await ledger.block(HUB, [decided(undone, ABORTED)], START + 40);
  expect(await told(undone, OWNER, 41)).toEqual([]);
  await ledger.block(A, [receipt(undone, 2, OK)], START + 50);
  expect(await told(undone, OWNER, 50)).toEqual([["compensated", 50]]);
});

test("what ran and has no undo makes it half done, and of what never ran it is only said that it was called off", async () => {
  const half = makeBundle({ legs: ORDERED.slice(0, 2) });
  const nothing = makeBundle();
  await ledger.block(HUB, [half.opened, nothing.opened], START + 60);
  await ledger.block(A, [receipt(half, 0, OK)], START + 60);
  await ledger.block(B, [receipt(half, 1, FAILED)], START + 61);
  await ledger.block(HUB, [decided(half, ABORTED), decided(nothing, ABORTED)], START + 62);
  expect(await told(half, OWNER, 62)).toEqual([["half_done", 62]]);
  // Nobody needs to bring the word that its legs will not run: after the deadline none can.
  expect(await told(nothing, OWNER, 62)).toEqual([]);
  expect(await told(nothing, OWNER, 1_600)).toEqual([["called_off", 1_600]]);
  await ledger.block(A, [receipt(nothing, 0, CANCELLED)], START + 70);
  await ledger.block(B, [receipt(nothing, 1, CANCELLED)], START + 71);
  expect(await told(nothing, OWNER, 71)).toEqual([["called_off", 71]]);
});

test("an undo that failed, or that nobody brought, is the owner's turn until it ran", async () => {
  const [tried, left] = [makeBundle(), makeBundle()];
  await ledger.block(HUB, [tried.opened, left.opened], START + 100);
  for (const one of [tried, left]) await ledger.block(A, [receipt(one, 0, OK)], START + 101);
  for (const one of [tried, left]) await ledger.block(B, [receipt(one, 1, FAILED)], START + 102);
  await ledger.block(HUB, [decided(tried, ABORTED), decided(left, ABORTED)], START + 110);
  const failed = emitted.settler("NotUndone", {
    ordinal: tried.base + 2n,
    result: NO_RESULT,
    relayer: NOBODY,
  });
  await ledger.block(A, [failed], START + 120);
  expect(await told(tried, OWNER, 120)).toEqual([["undo", 120]]);
  expect(await told(left, OWNER, 709)).toEqual([]);
  expect(await told(left, OWNER, 710)).toEqual([["undo", 710]]);
  await ledger.block(A, [receipt(tried, 2, OK)], START + 130);
  expect(await told(tried, OWNER, 130)).toEqual([["compensated", 130]]);
});

test("an ordered bundle that nobody closes after its deadline is the owner's to call off", async () => {
  const late = makeBundle({ deadline: START + 300 });
  await ledger.block(HUB, [late.opened], START + 200);
  expect(await told(late, OWNER, 899)).toEqual([]);
  expect(await told(late, OWNER, 900)).toEqual([["call_off", 900]]);
});

test("who is asked to pay hears of it until he has paid or signed, or the time is over; both hear how it ended", async () => {
  const swap = escrowed({ deadline: START + 2_000 });
  await ledger.block(HUB, [swap.opened], START + 210);
  expect(await told(swap, PAYER, 210)).toEqual([["pay", 210]]);
  // Who opened it is about to pay in himself.
  expect(await told(swap, OWNER, 269)).toEqual([]);
  expect(await told(swap, OWNER, 270)).toEqual([["pay", 270]]);
  const [turn] = await bundleNews(ledger.store.db, PAYER, ALL, START + 210);
  expect(turn).toMatchObject({
    kind: "turn",
    amount: 100n,
    token: addresses.collateral,
    owner: OWNER,
    bundle: swap.id,
  });
  expect(await told(swap, PAYER, 2_000)).toEqual([]);
  await ledger.block(A, [prepared(swap, 0)], START + 220);
  expect(await told(swap, OWNER, 300)).toEqual([]);
  await sql`insert into bundles.payers (bundle, place, payer, signature) values (${swap.id}, 1, ${PAYER}, '0x')`.execute(
    ledger.store.db,
  );
  expect(await told(swap, PAYER, 300)).toEqual([]);
  await ledger.block(B, [prepared(swap, 1)], START + 230);
  await ledger.block(HUB, [decided(swap, COMMITTED)], START + 240);
  expect(await told(swap, PAYER, 839)).toEqual([]);
  expect(await told(swap, PAYER, 840)).toEqual([["pay_out", 840]]);
  await ledger.block(A, [finished(swap, 0, COMMITTED)], START + 250);
  await ledger.block(B, [finished(swap, 1, COMMITTED)], START + 260);
  for (const who of [OWNER, PAYER]) expect(await told(swap, who, 900)).toEqual([["completed", 260]]);
});

test("what is held after its time is the payer's to have back, and who paid nothing in hears no end", async () => {
  const swap = escrowed({ deadline: START + 500 });
  await ledger.block(HUB, [swap.opened], START + 310);
  await ledger.block(A, [prepared(swap, 0)], START + 320);
  expect(await told(swap, OWNER, 1_099)).toEqual([]);
  expect(await told(swap, OWNER, 1_100)).toEqual([["give_back", 1_100]]);
  await ledger.block(HUB, [decided(swap, ABORTED)], START + 510);
  expect(await told(swap, OWNER, 1_110)).toEqual([["give_back", 1_110]]);
  await ledger.block(A, [finished(swap, 0, ABORTED)], START + 520);
  expect(await told(swap, OWNER, 1_200)).toEqual([["refunded", 520]]);
  expect(await told(swap, PAYER, 1_200)).toEqual([]);
});

test("attack: who is named as owner of what he never signed, or as payer of what nobody opened, hears nothing", async () => {
  const named = escrowed({ deadline: START + 340 });
  await ledger.block(A, [prepared(named, 0)], START + 330);
  await ledger.block(HUB, [{ ...named.opened, event: "Unopened" }, decided(named, ABORTED)], START + 350);
  // What he did pay in he hears of as its payer.
  expect(await told(named, OWNER, 1_000)).toEqual([["give_back", 950]]);
  const victim = person(3);
  const invented = makeBundle({ owner: victim, deadline: START + 340 });
  await ledger.block(
    HUB,
    [{ ...invented.opened, event: "Unopened" }, decided(invented, ABORTED)],
    START + 351,
  );
  expect(await told(invented, victim, 9_000)).toEqual([]);
  const asked = escrowed({ deadline: START + 5_000 });
  await handOver(asked, false);
  expect(await told(asked, PAYER, 400)).toEqual([]);
});

test("private legs are told of when they were in a transaction, and not before", async () => {
  const hidden = escrowed({ deadline: START + 5_000, isPrivate: true });
  await handOver(hidden, true);
  await ledger.block(HUB, [hidden.opened], START + 360);
  expect(await told(hidden, PAYER, 1_000)).toEqual([]);
  await ledger.block(B, [prepared(hidden, 1)], START + 370);
  await ledger.block(HUB, [decided(hidden, ABORTED)], START + 380);
  await ledger.block(B, [finished(hidden, 1, ABORTED)], START + 390);
  expect(await told(hidden, PAYER, 1_000)).toEqual([["refunded", 390]]);
});

test("attack: whether a hidden leg undoes one that ran is told to the owner, and to nobody else", async () => {
  const owner = person(7);
  const hidden = { owner, isPrivate: true };
  const [undone, stays, shown] = [
    makeBundle(hidden),
    makeBundle({ ...hidden, legs: ORDERED.slice(0, 2) }),
    makeBundle({ owner }),
  ];
  for (const made of [undone, stays, shown]) {
    await handOver(made, made !== shown);
    await ledger.block(HUB, [made.opened], START + 396);
    await ledger.block(A, [receipt(made, 0, OK)], START + 397);
    await ledger.block(B, [receipt(made, 1, FAILED)], START + 398);
    await ledger.block(HUB, [decided(made, ABORTED)], START + 399);
  }
  expect(await told(undone, owner, 2_000)).toEqual([["undo", 999]]);
  expect(await told(stays, owner, 2_000)).toEqual([["half_done", 399]]);
  for (const made of [undone, stays]) expect(await told(made, owner, 2_000, "anybody")).toEqual([]);
  expect(await told(shown, owner, 2_000, "anybody")).toEqual([["undo", 999]]);
});

test("attack: strangers who hand over legs by the hundred that name a payer crowd nothing of his out", async () => {
  const [owner, payer] = [person(5), person(6)];
  const data = `0x${"0".repeat(24)}${payer.slice(2)}${"0".repeat(24)}${owner.slice(2)}` as const;
  const asked = {
    owner,
    legs: [{ ...need(ESCROWED[0], "a leg"), data }],
    deadline: START + 6_000,
    isPrivate: true,
  };
  const [opened, held] = [escrowed(asked), escrowed(asked)];
  for (const made of [opened, held]) {
    await handOver(made, false);
    await ledger.block(A, [prepared(made, 0)], START + 395);
  }
  await ledger.block(HUB, [opened.opened], START + 396);
  await sql`insert into bundles.payloads (bundle, header, hashes, legs, private, received_at)
    select 'named ' || i, header, hashes, legs, private, now() + interval '1 minute'
      from bundles.payloads, generate_series(1, 600) i where bundle = ${held.id}`.execute(ledger.store.db);
  expect(await told(held, payer, 9_000)).toEqual([["give_back", 6_600]]);
  expect(await told(opened, payer, 9_000)).toEqual([["give_back", 6_600]]);
  await sql`delete from bundles.payloads where bundle like 'named %'`.execute(ledger.store.db);
});

test("of the owner's participants he hears as of what he pays, and pages go on where they ended", async () => {
  const owner = person(4);
  const own = Array.from({ length: 5 }, () =>
    escrowed({ owner, deadline: START + 6_000, legs: [leg({ kind: "participant" })] }),
  );
  await ledger.block(
    HUB,
    own.map(({ opened }) => opened),
    START + 400,
  );
  const read = (over: Partial<BundleNewsFilter>) =>
    bundleNews(ledger.store.db, owner, { ...ALL, ...over }, START + 1_000);
  const all = await read({});
  expect(all.map(({ event, at }) => [event, at])).toEqual(own.map(() => ["pay", START + 460]));
  expect(all[0]).toMatchObject({ amount: null, token: null });
  const first = await read({ limit: 2 });
  expect([...first, ...(await read({ before: first.at(-1) }))]).toEqual(all);
  expect(await read({ since: START + 460 })).toEqual([]);
  expect(await read({ kinds: ["ended"] })).toEqual([]);
});
