import type { Address } from "@sooth/kernel";
import { sql } from "@sooth/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HUB, type Ledger, makeBundle, type Made, openLedger, person } from "../../../test/ledger.ts";
import { keepPayload } from "../payloads.ts";
import { handedOverIn } from "./handed-over.ts";
import type { HandedOver, TriedOpening } from "./ports.ts";

let ledger: Ledger;
let handedOver: HandedOver;
beforeAll(async () => {
  ledger = await openLedger();
  handedOver = handedOverIn(ledger.store);
});
afterAll(() => ledger.close());
beforeEach(() => sql`truncate bundles.payloads cascade`.execute(ledger.store.db));

async function handOver(owner: Address): Promise<Made> {
  const made = makeBundle({ owner });
  const { id, bundle, legs } = made;
  await keepPayload(ledger.deps, { id, bundle, legs, isPrivate: false, signature: "0x01", isPaid: true });
  return made;
}
const offered = async (limit = 10) => {
  const found = await handedOver.openings({ limit, aside: { ids: [], owners: [] } });
  return found.map(({ bundle: { salt } }) => salt);
};
const saltsOf = (all: readonly Made[]) => all.map(({ bundle: { salt } }) => salt);
const tell = (all: readonly Made[], came: TriedOpening["came"]) =>
  handedOver.tried(all.map(({ id }) => ({ id, came })));
/** As if so many seconds had passed since all of them were tried. */
const wait = (seconds: number) =>
  sql`update bundles.openings_tried set due_at = due_at - ${seconds} * interval '1 second'`.execute(
    ledger.store.db,
  );

test("attack: however many wait that the hub would not open, who comes later is tried first", async () => {
  const sybils: Made[] = [];
  for (let index = 0; index < 30; index++) sybils.push(await handOver(person(10 + index)));
  for (let round = 0; round < 3; round++) {
    await tell(sybils, "waits");
    await wait(601);
  }
  const late = await handOver(person(1));
  expect(await offered(1)).toEqual([late.bundle.salt]);
  await tell([late], "waits");
  // Waited for less long than all of them, it is after them, and its turn comes.
  await wait(601);
  const seen: bigint[] = [];
  for (let round = 0; round < 4; round++) {
    const found = await offered(10);
    seen.push(...found);
    await tell(
      [...sybils, late].filter(({ bundle: { salt } }) => found.includes(salt)),
      "waits",
    );
  }
  expect(new Set(seen)).toEqual(new Set(saltsOf([...sybils, late])));
  expect(seen).toHaveLength(31);
});

test("attack: what the hub refused in three blocks is never tried again", async () => {
  const one = await handOver(person(1));
  for (let round = 0; round < 3; round++) {
    expect(await offered()).toEqual(saltsOf([one]));
    await tell([one], "owed");
    await tell([one], "refused");
    await wait(601);
  }
  expect(await offered()).toEqual([]);
});

test("what waits does so twice as long each time, and ten minutes at most", async () => {
  const one = await handOver(person(1));
  for (const seconds of [15, 30, 60, 120, 240, 480, 600, 600]) {
    await tell([one], "waits");
    // A busy machine takes its time between the two.
    await wait(seconds - 10);
    expect(await offered()).toEqual([]);
    await wait(10);
    expect(await offered()).toEqual(saltsOf([one]));
  }
});

test("owners take turns, and what is open or set aside is not offered", async () => {
  const [first, second, other, third] = [
    await handOver(person(1)),
    await handOver(person(1)),
    await handOver(person(2)),
    await handOver(person(3)),
  ];
  expect(await offered()).toEqual(saltsOf([first, other, third, second]));
  await ledger.block(HUB, [other.opened]);
  const aside = { ids: [first.id], owners: [person(3)] };
  const left = await handedOver.openings({ limit: 10, aside });
  expect(left.map(({ bundle: { salt } }) => salt)).toEqual(saltsOf([second]));
});
