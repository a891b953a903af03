import { sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HUB, type Ledger, makeBundle, type Made, openLedger, person } from "../../test/ledger.ts";
import { legToWire } from "../core/index.ts";
import { feesWaiting, isOpened, keepPayload } from "./payloads.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const bytesOf = ({ legs }: Made) => JSON.stringify(legs.map(legToWire)).length;
const keep = (made: Made, most: number, isPaid: boolean) =>
  keepPayload(
    { store: ledger.store, config: { ...ledger.deps.config, BUNDLES_PAYLOAD_BYTES_PER_DAY: most } },
    {
      id: made.id,
      bundle: made.bundle,
      legs: made.legs,
      isPrivate: true,
      signature: isPaid ? "0x01" : null,
      isPaid,
    },
  );

test("who spends nothing fills half of the room, and leaves the rest to who does", async () => {
  const [free, more, paid, last] = [
    makeBundle(),
    makeBundle({ owner: person(2) }),
    makeBundle(),
    makeBundle({ owner: person(3) }),
  ];
  // Postgres writes JSON with spaces: what is kept counts as a little more than what came.
  const most = 4 * bytesOf(free);
  await keep(free, most, false);
  await expect(keep(more, most, false)).rejects.toMatchObject({ code: "bundles.payloads_full" });
  await keep(paid, most, true);
  await keep(more, most, true);
  await expect(keep(last, most, true)).rejects.toMatchObject({ code: "bundles.payloads_full" });
  // What is kept already takes no more room.
  await keep(free, most, false);
});

test("a credit pays for each bundle that waits, once: what the hub opened has taken its fee", async () => {
  const [one, two, other] = [makeBundle(), makeBundle(), makeBundle()];
  const owner = one.bundle.owner;
  expect(two.bundle.owner).toBe(owner);
  const before = await feesWaiting(ledger.store.db, owner, other.id);
  await keep(one, 1_000_000, true);
  await keep(two, 1_000_000, true);
  const both = before + one.bundle.fee + two.bundle.fee;
  expect(await feesWaiting(ledger.store.db, owner, other.id)).toBe(both);
  expect(await feesWaiting(ledger.store.db, owner, one.id)).toBe(both - one.bundle.fee);
  expect(await isOpened(ledger.store.db, one.id)).toBe(false);
  await ledger.block(HUB, [one.opened]);
  expect(await isOpened(ledger.store.db, one.id)).toBe(true);
  expect(await feesWaiting(ledger.store.db, owner, other.id)).toBe(both - one.bundle.fee);
});

test("attack: one owner who signs and signs leaves room to the others once half of it is used", async () => {
  await sql`truncate bundles.payloads cascade`.execute(ledger.store.db);
  const made = makeBundle({ owner: person(5) });
  const most = 32 * bytesOf(made) + 1;
  let kept = 0;
  const fill = async () => {
    for (; kept < 40; kept++) await keep(makeBundle({ owner: person(5) }), most, true);
  };
  await expect(fill()).rejects.toMatchObject({
    code: "bundles.owner_payloads_full",
    data: { owner: person(5), most: (most - 1) / 16 },
  });
  expect(kept).toBeGreaterThan(8);
  expect(kept).toBeLessThanOrEqual(16);
  await keep(makeBundle({ owner: person(6) }), most, true);
});
