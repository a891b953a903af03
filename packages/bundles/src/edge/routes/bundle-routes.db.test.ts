import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { type App, createApp } from "@sooth/runtime";
import { decodeFunctionData } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import {
  A,
  B,
  emitted,
  ESCROWED,
  HUB,
  hash,
  type Ledger,
  leg,
  type Made,
  makeBundle,
  openLedger,
  ORDERED,
  person,
  START,
  TERMS,
} from "../../../test/ledger.ts";
import {
  bundlesPage,
  bundleToWire,
  legHash,
  legToWire,
  NO_RESULT,
  NOBODY,
  wireBundleDetail,
  wireLegHashes,
} from "../../core/index.ts";
import { bundles } from "../../index.ts";
import { forgetUnopened } from "../payloads.ts";
import { loadBundles } from "../rows/load-bundles.ts";

let ledger: Ledger;
let app: App;
beforeAll(async () => {
  ledger = await openLedger();
  app = await createApp({ log: ledger.deps.log, version: "test" });
  bundles.routes(app, ledger.deps);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await ledger.close();
});
beforeEach(async () => {
  for (const chain of [HUB, A, B]) await ledger.block(chain, []);
});

const OK = 1;
const get = async (url: string) => {
  const reply = await app.inject({ method: "GET", url });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const post = async (url: string, payload: object) => {
  const reply = await app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = ({ body }: { body: unknown }) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const detail = async (id: string) => wireBundleDetail.parse((await get(`/v1/bundles/${id}`)).body);
const listed = async (query: string) => {
  const { status, body } = await get(`/v1/bundles?${query}`);
  expect(status).toBe(200);
  return bundlesPage.parse(body);
};
const receipt = (ordinal: bigint, status = OK) =>
  emitted.settler("Receipt", { ordinal, status, result: NO_RESULT, relayer: person(5) });
const handOver = (made: Made) =>
  post(`/v1/bundles/${made.id}/legs`, { bundle: bundleToWire(made.bundle), legs: made.legs.map(legToWire) });

test("a bundle that nobody opened or handed over is unknown", async () => {
  const found = await get(`/v1/bundles/${hash(77)}`);
  expect([found.status, codeOf(found)]).toEqual([404, "bundles.unknown"]);
  expect(codeOf(await get(`/v1/bundles/${hash(77)}/hashes`))).toBe("bundles.unknown");
});

test("an open bundle is shown with its legs, times and what its owner can do", async () => {
  const { id, opened, legs, bundle, base } = makeBundle();
  await ledger.block(HUB, [opened]);
  await ledger.block(A, [emitted.settler("Returned", { ordinal: base, data: "0x07" }), receipt(base)]);
  const shown = await detail(id);
  expect(shown).toMatchObject({
    id,
    owner: bundle.owner,
    chains: [A, B],
    status: { kind: "running", ran: [0], waiting: [1] },
    times: {
      abortable: bundle.deadline + TERMS.GRACE_SECONDS,
      escape: bundle.deadline + TERMS.ESCAPE_SECONDS,
      reclaimable: bundle.deadline + TERMS.RECLAIM_SECONDS,
    },
    fees: { paid: "0", toAttesters: "0", toOwner: "0", left: "3000" },
    bundle: bundleToWire(bundle),
  });
  expect(shown.shown.map((one) => one.leg)).toEqual(legs.map(legToWire));
  expect(shown.shown[0]).toMatchObject({
    state: "ok",
    returned: "0x07",
    relayer: person(5),
    gasUsed: "100000",
    cost: "700000",
  });
  expect(shown.calls.map(({ what, by }) => [what, by])).toEqual([["abort", bundle.owner]]);
});

test("private legs are shown to nobody before they ran, in legs, chains and calls alike", async () => {
  const made = makeBundle({ isPrivate: true });
  await ledger.block(HUB, [made.opened]);
  expect((await get(`/v1/bundles/${made.id}/hashes`)).status).toBe(404);
  expect((await handOver(made)).status).toBe(200);
  const before = await detail(made.id);
  expect(before.shown.map((one) => one.leg)).toEqual([null, null, null]);
  expect(before.chains).toEqual([]);
  const secrets = made.legs.flatMap((one) => [one.data.slice(2), one.target.slice(2), one.salt.slice(2)]);
  for (const secret of secrets) expect(JSON.stringify(before)).not.toContain(secret);
  expect(wireLegHashes.parse((await get(`/v1/bundles/${made.id}/hashes`)).body).hashes).toEqual(
    made.legs.map(legHash),
  );
  expect((await listed(`chain=${A}&limit=100`)).items.map(({ id }) => id)).not.toContain(made.id);
  await ledger.block(A, [receipt(made.base)]);
  const after = await detail(made.id);
  expect(after.shown.map((one) => one.leg)).toEqual([legToWire(need(made.legs[0], "a leg")), null, null]);
  expect(after.chains).toEqual([A]);
  expect((await listed(`chain=${A}&limit=100`)).items.map(({ id }) => id)).toContain(made.id);
  // Whoever relays it has them all.
  expect((await loadBundles(ledger.store.db, [made.id]))[0]?.legs).toEqual(made.legs);
});

test("legs of another header, or another id, are not taken", async () => {
  const made = makeBundle({ isPrivate: true });
  const header = bundleToWire(made.bundle);
  const url = `/v1/bundles/${made.id}/legs`;
  const other = [...ORDERED.slice(0, 2), leg({ data: "0x99" })].map(legToWire);
  expect(codeOf(await post(url, { bundle: header, legs: other }))).toBe("bundles.wrong_legs");
  const legs = made.legs.map(legToWire);
  expect(codeOf(await post(url, { bundle: { ...header, fee: "1" }, legs }))).toBe("bundles.other_id");
});

test("what was handed over and never opened is forgotten after the deadline, and what is held is not", async () => {
  const [lost, held] = [makeBundle({ isPrivate: true }), makeBundle({ mode: "escrowed", legs: ESCROWED })];
  for (const made of [lost, held]) expect((await handOver(made)).status).toBe(200);
  const hashOf = legHash(need(held.legs[0], "a leg"));
  await ledger.block(A, [emitted.escrow("Prepared", { id: held.id, index: 0, leg: hashOf })]);
  await forgetUnopened(ledger.store.db, lost.bundle.deadline + 3_600);
  expect(await loadBundles(ledger.store.db, [lost.id, held.id])).toHaveLength(2);
  await forgetUnopened(ledger.store.db, lost.bundle.deadline + 3_601);
  const kept = await loadBundles(ledger.store.db, [lost.id, held.id]);
  expect(kept.map(({ id }) => id)).toEqual([held.id]);
});

test("attack: legs of what nobody opened are not kept when their deadline is over, or years away", async () => {
  const { timestamp: now } = ledger.head(HUB);
  const longest = now + 7 * 86_400;
  for (const deadline of [now - 1, longest + 1, 253_402_300_799]) {
    const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline });
    expect(codeOf(await handOver(made))).toBe("bundles.bad_window");
    expect((await get(`/v1/bundles/${made.id}`)).status).toBe(404);
  }
  for (const deadline of [now, longest])
    expect((await handOver(makeBundle({ isPrivate: true, deadline }))).status).toBe(200);
  const opened = makeBundle({ isPrivate: true, deadline: now - 1 });
  await ledger.block(HUB, [opened.opened]);
  expect((await handOver(opened)).status).toBe(200);
});

test("who paid in for what nobody opened hands over its legs after the deadline too, to have it back", async () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: ledger.head(HUB).timestamp - 1 });
  expect(codeOf(await handOver(made))).toBe("bundles.bad_window");
  const hashOf = legHash(need(made.legs[0], "a leg"));
  await ledger.block(A, [emitted.escrow("Prepared", { id: made.id, index: 0, leg: hashOf })]);
  expect((await handOver(made)).status).toBe(200);
  expect((await detail(made.id)).calls.map(({ what }) => what)).toContain("expire");
  // Nothing can be done for him until then, so it is kept no more than others'.
  const never = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: 253_402_300_799 });
  await ledger.block(A, [emitted.escrow("Prepared", { id: never.id, index: 0, leg: hashOf })]);
  expect(codeOf(await handOver(never))).toBe("bundles.bad_window");
});

test("an escrowed bundle says who pays what, and opens a way home when its time is over", async () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED });
  await ledger.block(HUB, [made.opened]);
  const open = await detail(made.id);
  expect(open.calls.map(({ what, leg: place, by, chainId }) => [what, place, by, chainId])).toEqual([
    ["abort", null, made.bundle.owner, HUB],
    ["prepare", 0, person(1), A],
    ["prepare", 1, person(2), B],
  ]);
  const first = need(open.calls[1], "a call");
  const prepare = decodeFunctionData({ abi: escrowAbi, data: first.data as Hex });
  expect(prepare.functionName).toBe("prepare");
  const hashOf = legHash(need(made.legs[0], "a leg"));
  await ledger.block(A, [emitted.escrow("Prepared", { id: made.id, index: 0, leg: hashOf })]);
  await ledger.block(HUB, [], made.bundle.deadline + 1);
  await ledger.block(A, [], made.bundle.deadline + TERMS.ESCAPE_SECONDS + 1);
  await ledger.block(B, [], made.bundle.deadline + 1);
  const late = await detail(made.id);
  expect(late.calls.map(({ what, leg: place, by }) => [what, place, by])).toEqual([
    ["expire", null, null],
    ["take_back", 0, null],
  ]);
  const expire = decodeFunctionData({ abi: bundleHubAbi, data: need(late.calls[0], "a call").data as Hex });
  expect(expire).toEqual({ functionName: "expire", args: [[made.id]] });
  await ledger.block(A, [emitted.escrow("TakenBack", { id: made.id, index: 0 })]);
  await ledger.block(HUB, [emitted.hub("Decided", { id: made.id, base: made.base, outcome: 3 })]);
  expect((await detail(made.id)).status).toEqual({ kind: "refunded" });
  await ledger.block(HUB, [], made.bundle.deadline + TERMS.RECLAIM_SECONDS + 1);
  expect((await detail(made.id)).calls.map(({ what, by }) => [what, by])).toEqual([["reclaim", null]]);
});

test("what is held for a bundle that nobody opened is brought back by anybody after its deadline", async () => {
  const deadline = ledger.head(HUB).timestamp + 1_000;
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline });
  expect((await handOver(made)).status).toBe(200);
  const hashOf = legHash(need(made.legs[0], "a leg"));
  await ledger.block(A, [emitted.escrow("Prepared", { id: made.id, index: 0, leg: hashOf })]);
  for (const chain of [HUB, A, B]) await ledger.block(chain, [], deadline + 1);
  const [expire, ...more] = (await detail(made.id)).calls;
  expect([expire?.what, expire?.by, more]).toEqual(["expire", null, []]);
  const call = decodeFunctionData({ abi: bundleHubAbi, data: need(expire, "a call").data as Hex });
  expect(call.functionName).toBe("expireUnopened");
  await ledger.block(HUB, [
    { ...made.opened, event: "Unopened" },
    emitted.hub("Decided", { id: made.id, base: made.base, outcome: 3 }),
  ]);
  expect((await detail(made.id)).status).toEqual({ kind: "decided", outcome: "aborted", held: [0] });
  expect((await listed(`owner=${made.bundle.owner}`)).items.map(({ id }) => id)).not.toContain(made.id);
});

test("a header that nobody signed and that is none is nobody's bundle", async () => {
  const made = makeBundle({ mode: "escrowed", legs: ESCROWED, deadline: ledger.head(HUB).timestamp - 1 });
  const args = made.opened.args as { bundle: object };
  // As a node would hand it out, decoded: no encoder writes such a word.
  const bundle = { ...args.bundle, fee: 2n ** 255n };
  const decoded = { ...made.opened, event: "Unopened", args: { ...args, bundle } };
  await ledger.block(HUB, [decoded, emitted.hub("Decided", { id: made.id, base: made.base, outcome: 3 })]);
  expect((await get(`/v1/bundles/${made.id}`)).status).toBe(404);
});

test("what a fee came to adds up: relayers, attesters, the owner's rest of legs that did not run, and rounding", async () => {
  const made = makeBundle({ deadline: ledger.head(HUB).timestamp + 1_000 });
  const { id, base } = made;
  await ledger.block(HUB, [made.opened, emitted.hub("ToppedUp", { id, from: person(3), amount: 2n })]);
  await ledger.block(HUB, [emitted.hub("Decided", { id, base, outcome: 3 })]);
  const share = { id, relayer: person(5), epoch: 1, toAttesters: 200n, amount: 1_000n };
  await ledger.block(HUB, [emitted.hub("ShareSettled", { ...share, index: 0 })]);
  const fees = async () => (await detail(id)).fees;
  expect(await fees()).toEqual({ paid: "800", toAttesters: "200", toOwner: "0", left: "2002" });
  await ledger.block(HUB, [
    emitted.hub("ShareSettled", { ...share, index: 1, amount: 250n, toAttesters: 50n }),
    emitted.hub("ShareSettled", { ...share, index: 2, relayer: NOBODY, toAttesters: 0n }),
  ]);
  expect(await fees()).toEqual({ paid: "1000", toAttesters: "250", toOwner: "1752", left: "0" });
});

test("the list is filtered, and goes on where a page ended", async () => {
  const owner = person(20);
  const deadline = ledger.head(HUB).timestamp + 5_000;
  const many = Array.from({ length: 5 }, () => makeBundle({ owner, deadline }));
  const held = makeBundle({ owner, deadline, mode: "escrowed", legs: ESCROWED });
  for (const { opened } of [...many, held]) await ledger.block(HUB, [opened]);
  const done = need(many[1], "a bundle");
  for (const [chain, place] of [
    [A, 0n],
    [B, 1n],
  ] as const)
    await ledger.block(chain, [receipt(done.base + place)]);
  await ledger.block(HUB, [emitted.hub("Decided", { id: done.id, base: done.base, outcome: 2 })]);
  const all = [...many, held].map(({ id }) => id).toReversed();
  expect((await listed(`owner=${owner}`)).items.map(({ id }) => id)).toEqual(all);
  expect((await listed(`owner=${owner}&mode=escrowed`)).items.map(({ id }) => id)).toEqual([held.id]);
  expect((await listed(`owner=${owner}&status=completed`)).items.map(({ id }) => id)).toEqual([done.id]);
  expect((await listed(`owner=${owner}&status=stuck`)).items).toEqual([]);
  const seen: string[] = [];
  for (let next: string | null = ""; next !== null;) {
    const page = await listed(`owner=${owner}&status=buffered&limit=2${next && `&cursor=${next}`}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  expect(seen).toEqual(all.filter((id) => id !== held.id && id !== done.id));
  expect(codeOf(await get("/v1/bundles?cursor=nonsense"))).toBe("bundles.bad_cursor");
});

test("legs on chains that are not followed, and windows that the hub refuses, are refused before anything is asked", async () => {
  const asked = {
    owner: person(1),
    mode: "ordered",
    deadline: ledger.head(HUB).timestamp + 600,
    fee: "1",
    legs: [legToWire(leg({ chainId: 5 }))],
  };
  expect(codeOf(await post("/v1/bundles/prepare", asked))).toBe("bundles.no_such_chain");
  const late = { ...asked, deadline: START + 10 ** 8, legs: ORDERED.map(legToWire) };
  expect(codeOf(await post("/v1/bundles/prepare", late))).toBe("bundles.bad_window");
});
