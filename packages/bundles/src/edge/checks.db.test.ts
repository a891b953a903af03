import type { Chain } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { registry } from "@sooth/runtime";
import { sql } from "@sooth/store";
import { encodeAbiParameters, keccak256, numberToHex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  A,
  addresses,
  B,
  emitted,
  ESCROWED,
  HUB,
  hash,
  type Ledger,
  makeBundle,
  openLedger,
  person,
  TERMS,
} from "../../test/ledger.ts";
import { legHash, type StatedLimit } from "../core/index.ts";
import { bundlesChecks } from "./checks.ts";
import { bundleFigures, tellBundleFigures } from "./figures.ts";
import { keepPayload } from "./payloads.ts";
import { handedOverIn } from "./relay/handed-over.ts";

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
});
afterAll(() => ledger.close());

const seated = (epoch: number) => ({
  contract: addresses.attesters,
  event: "AttestersSeated",
  args: { epoch, totalWeight: 5n, seats: [(BigInt(person(1)) << 96n) | 5n] },
});
const check = async (name: string) => {
  const found = bundlesChecks(ledger.deps).find(({ id }) => id === `bundles.${name}`);
  return need(found, name).run();
};

test("where the hub is no machine's own, the hosts must be named to which seats are proved", async () => {
  const { deps } = ledger;
  const of = (id: number, hosts: readonly string[]) => {
    const hub = { ...deps.hub, definition: { ...deps.hub.definition, id } };
    const config = { ...deps.config, BUNDLES_HOSTS: [...hosts] };
    const found = bundlesChecks({ ...deps, hub, config }).find(({ id }) => id === "bundles.hosts_named");
    return need(found, "the check").run();
  };
  expect(await of(HUB, [])).toMatchObject({ ok: true });
  expect(await of(1, [])).toEqual({ ok: false, found: "BUNDLES_HOSTS names none" });
  expect(await of(1, ["api.example"])).toEqual({ ok: true, found: "api.example" });
});

/** Of what a mapping at a slot keeps of a key. */
const slotIn = (type: "uint64" | "address", key: bigint | Address, mapping: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type }, { type: "bytes32" }], [key as never, mapping]));

test("limits are compared with what the network states, on each chain and both ways", async () => {
  const token = `0x${"ab".repeat(20)}` as const;
  const words = new Map<string, bigint>();
  const { deps } = ledger;
  const asked = (chain: Chain): Chain =>
    ({
      ...chain,
      client: {
        getStorageAt: ({ slot }: { slot: string }) =>
          Promise.resolve(numberToHex(words.get(`${chain.definition.id} ${slot}`) ?? 0n, { size: 32 })),
      },
    }) as unknown as Chain;
  const chains = { hub: asked(deps.hub), rollups: deps.rollups.map(asked) };
  const of = (...BUNDLES_LANES: StatedLimit[]) => {
    const config = { ...deps.config, BUNDLES_LANES };
    const found = bundlesChecks({ ...deps, ...chains, config }).find(
      ({ id }) => id === "bundles.lanes_as_stated",
    );
    return need(found, "the check").run();
  };
  expect(await of()).toMatchObject({ ok: true });
  const lane = { chainId: A, other: B, token, perHour: 500n };
  const text = `500 units of ${token} an hour on ${A} towards ${B}`;
  expect(await of(lane)).toEqual({ ok: false, found: `${text} is stated, and 0 is set` });
  // mapping(other => mapping(token => lane)), at slot 2 of the escrow.
  const slot = slotIn("address", token, slotIn("uint64", BigInt(B), numberToHex(2n, { size: 32 })));
  // Beside the limit there is what has filled it, and since when.
  words.set(`${A} ${slot}`, (77n << 96n) | 500n);
  expect(await of(lane)).toEqual({ ok: true, found: text });
  expect(await of(lane, { ...lane, chainId: 999 })).toMatchObject({
    ok: false,
    found: expect.stringContaining("of a chain that is none of ours"),
  });
  const set = (perHour: bigint) =>
    ledger.block(A, [
      emitted.escrow("LaneLimitSet", { chainId: BigInt(HUB), token, perHour, strictUntil: 0 }),
    ]);
  await set(9n);
  expect(await of(lane)).toEqual({
    ok: false,
    found: `9 units of ${token} an hour on ${A} towards ${HUB} is set, and not stated`,
  });
  await set(0n);
  expect(await of(lane)).toEqual({ ok: true, found: text });
});

const figures = () =>
  bundleFigures(ledger.store.db, ledger.head(HUB).timestamp, {
    grace: TERMS.GRACE_SECONDS,
    escape: TERMS.ESCAPE_SECONDS,
  });
const OK = 1;
const DAY = 86_400;

test("every chain must have attesters that were renewed lately", async () => {
  await ledger.block(HUB, [seated(1)]);
  await ledger.block(A, [seated(1)]);
  expect(await check("attesters_seated")).toEqual({ ok: false, found: "local-rollup-b: nobody is seated" });
  await ledger.block(B, [seated(1)]);
  expect(await check("attesters_seated")).toMatchObject({ ok: true });
  await ledger.block(B, [], ledger.head(B).timestamp + 3 * DAY + 1);
  expect(await check("attesters_seated")).toMatchObject({
    ok: false,
    found: expect.stringContaining("local-rollup-b: epoch 1 was renewed"),
  });
  // A set that was named by one that is old is no younger.
  await ledger.block(B, [seated(2)]);
  expect(await check("attesters_seated")).toMatchObject({ ok: false });
  const at = ledger.head(B).timestamp;
  await ledger.block(B, [
    { contract: addresses.attesters, event: "AttestersRenewed", args: { epoch: 2, at } },
  ]);
  expect(await check("attesters_seated")).toMatchObject({ ok: true });
});

test("a compensation that failed is named until it runs", async () => {
  const { id, base, opened } = makeBundle();
  await ledger.block(HUB, [opened]);
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 3 })]);
  expect(await check("none_stuck")).toEqual({ ok: true });
  const relayer = person(5);
  await ledger.block(A, [emitted.settler("NotUndone", { ordinal: base + 2n, result: hash(1), relayer })]);
  expect(await check("none_stuck")).toMatchObject({ ok: false, found: expect.stringContaining(id) });
  expect(await figures()).toMatchObject({ stuck: 1, compensating: 1 });
  await ledger.block(A, [
    emitted.settler("Receipt", { ordinal: base + 2n, status: OK, result: hash(1), relayer }),
  ]);
  expect(await check("none_stuck")).toEqual({ ok: true });
});

test("what anybody may decide, and nobody does, is overdue", async () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED });
  await ledger.block(HUB, [made.opened]);
  const leg = legHash(need(made.legs[0], "a leg"));
  await ledger.block(A, [emitted.escrow("Prepared", { id: made.id, index: 0, leg })]);
  expect(await check("none_overdue")).toEqual({ ok: true });
  await ledger.block(HUB, [], made.bundle.deadline + 61);
  expect(await figures()).toMatchObject({ overdue: 1, heldTooLong: 0 });
  expect(await check("none_overdue")).toMatchObject({ ok: false });
  await ledger.block(HUB, [], made.bundle.deadline + TERMS.ESCAPE_SECONDS + 3_601);
  expect(await figures()).toMatchObject({ overdue: 1, heldTooLong: 1 });
  await ledger.block(A, [emitted.escrow("TakenBack", { id: made.id, index: 0 })]);
  await ledger.block(HUB, [emitted.hub("Decided", { id: made.id, base: made.base, outcome: 3 })]);
  expect(await check("none_overdue")).toEqual({ ok: true });
});

test("a signed bundle that nobody opens tells that nobody relays", async () => {
  const { id, bundle, legs } = makeBundle({ deadline: ledger.head(HUB).timestamp + 1_000 });
  await keepPayload(ledger.deps, { id, bundle, legs, isPrivate: false, signature: "0x01", isPaid: true });
  expect(await check("somebody_relays")).toEqual({ ok: true });
  await sql`update bundles.payloads set received_at = now() - interval '3 minutes' where bundle = ${id}`.execute(
    ledger.store.db,
  );
  expect(await check("somebody_relays")).toMatchObject({ ok: false });
  const { tried } = handedOverIn(ledger.store);
  const late = sql`update bundles.openings_tried set owed_since = owed_since - interval '3 minutes'`;
  // A bundler would open it, and does not get it into a block.
  await tried([{ id, came: "owed" }]);
  expect(await check("somebody_relays")).toEqual({ ok: true });
  await late.execute(ledger.store.db);
  await tried([{ id, came: "owed" }]);
  expect(await check("somebody_relays")).toMatchObject({ ok: false });
});

test("attack: what a bundler looked at and leaves alone, or the hub refuses, alarms nobody", async () => {
  const { tried } = handedOverIn(ledger.store);
  for (const came of ["waits", "refused"] as const) {
    await sql`truncate bundles.payloads cascade`.execute(ledger.store.db);
    const { id, bundle, legs } = makeBundle({ deadline: ledger.head(HUB).timestamp + 1_000 });
    await keepPayload(ledger.deps, { id, bundle, legs, isPrivate: false, signature: "0x01", isPaid: true });
    await sql`update bundles.payloads set received_at = now() - interval '3 minutes'`.execute(
      ledger.store.db,
    );
    expect(await check("somebody_relays")).toMatchObject({ ok: false });
    await tried([{ id, came: "owed" }]);
    await tried([{ id, came }]);
    expect(await check("somebody_relays")).toEqual({ ok: true });
  }
});

test("shares that come to more than the fee are found", async () => {
  const { id, base, opened } = makeBundle();
  await ledger.block(HUB, [opened]);
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 3 })]);
  const share = { id, index: 0, relayer: person(5), amount: 1_000n, epoch: 1, toAttesters: 200n };
  await ledger.block(HUB, [emitted.hub("ShareSettled", share)]);
  // Of what nobody opened nobody paid the fee that its header states.
  const late = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: ledger.head(HUB).timestamp - 1 });
  await ledger.block(HUB, [
    { ...late.opened, event: "Unopened" },
    emitted.hub("Decided", { id: late.id, base: late.base, outcome: 3 }),
  ]);
  expect(await check("fees_add_up")).toEqual({ ok: true });
  await sql`update bundles.shares set amount = 3001 where bundle = ${id}`.execute(ledger.store.db);
  expect(await check("fees_add_up")).toEqual({ ok: false, found: id });
});

test("figures are told of the chains that can be asked", async () => {
  await tellBundleFigures(ledger.deps, { timestamp: ledger.head(HUB).timestamp });
  const text = await registry.metrics();
  expect(text).toMatch(/bundles_by_state\{state="compensating"\} 2/);
  expect(text).toMatch(/^bundles_held_legs\{chain="local-rollup-a"\} 0$/m);
  expect(text).toMatch(/bundles_attesters_age_seconds\{chain="local-rollup-a"\} \d+/);
});
