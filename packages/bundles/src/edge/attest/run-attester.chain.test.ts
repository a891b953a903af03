import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { attestersAbi, settlerAbi } from "@sooth/abi";
import { type Chain, openChain } from "@sooth/chain";
import { type Address, need } from "@sooth/kernel";
import { type App, configureLogs, createApp, logger, registry } from "@sooth/runtime";
import { migrate, openStore, type Store } from "@sooth/store";
import { testDatabase } from "@sooth/store/embedded";
import { chainMigrations } from "@sooth/chain";
import { numberToHex } from "viem";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  alice,
  bundleOf,
  type BundleStage,
  HUB,
  keys,
  leg,
  openBundleStage,
  relayer,
  ROLLUP_A,
  ROLLUP_B,
} from "../../../test/stage.ts";
import {
  type AttestedBatch,
  batchFromWire,
  type Bundle,
  BundlesError,
  encodeEvidence,
  type Fact,
  factToWire,
  factTree,
  type FinalityPolicy,
  type Leg,
  openedFact,
  runArgs,
  type Wait,
  wireAttestedBatch,
} from "../../core/index.ts";
import { bundles } from "../../index.ts";
import { attestationsOf } from "../batches/index.ts";
import { batchRoutes, openGatherings } from "../batches/index.ts";
import { type BundleWatch, openWatch } from "../watch/index.ts";
import { runAttester } from "./run-attester.ts";

const log = logger("attest");
let stage: BundleStage;
let store: Store;
let app: App;
let apiUrl: string;
let close: () => Promise<void>;
/** How often each bundle's hashes were asked for. */
const learned = new Set<string>();
const stops: (() => Promise<void>)[] = [];
const folder = mkdtempSync(path.join(tmpdir(), "attest-"));

beforeAll(async () => {
  configureLogs({ level: "silent" });
  const [opened, database] = await Promise.all([openBundleStage(), testDatabase()]);
  stage = opened;
  store = openStore({ url: database.url, max: 4, applicationName: "attest-test" });
  await migrate(store, [chainMigrations, bundles.migrations]);
  app = await createApp({ log, version: "0", rateLimit: { max: 100_000, windowSeconds: 60 } });
  const { hub, rollups, addresses } = stage;
  const deps = { hub: hub.chain, rollups: rollups.map(({ chain }) => chain), addresses, store, log };
  batchRoutes(app, openGatherings(deps));
  app.get<{ Params: { id: string } }>("/v1/bundles/:id/hashes", async ({ params: { id } }) => {
    learned.add(id);
    throw BundlesError.unknown({ bundle: id });
  });
  apiUrl = await app.listen({ port: 0, host: "127.0.0.1" });
  close = async () => {
    // Nodes' clients keep connections for the next answer.
    app.server.closeAllConnections();
    await app.close();
    await store.close();
    await database.drop();
    await stage.close();
  };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await close();
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A view of all chains, with another URL for one of them when it is named. */
async function viewOf(over: Partial<Record<number, string>> = {}) {
  const stop = new AbortController();
  const chains = [HUB, ROLLUP_A, ROLLUP_B].map((id): Chain => {
    const { chain, rpcUrl } = stage.at(id);
    return openChain({ definition: chain.definition, rpcUrls: [over[id] ?? rpcUrl] });
  });
  const [hub, ...rollups] = chains as [Chain, Chain, Chain];
  const watch: BundleWatch = openWatch({
    hub,
    rollups,
    addresses: stage.addresses,
    signal: stop.signal,
    log,
  });
  await watch.ready;
  stops.push(async () => {
    stop.abort();
    await watch.done;
    await Promise.all(chains.map((chain) => chain.close()));
  });
  return { watch, hub, markOf: () => null };
}
type View = Awaited<ReturnType<typeof viewOf>>;

/** Nodes of these keys; the function returned stops them. */
function attest(
  indexes: readonly number[],
  views: readonly [View, View],
  over: { wait?: Wait; policy?: FinalityPolicy; journals?: boolean; collector?: string } = {},
): () => Promise<void> {
  const stop = new AbortController();
  const policy: FinalityPolicy = over.policy ?? [{ upTo: null, wait: over.wait ?? { blocks: 0 } }];
  const running = indexes.map((index) =>
    runAttester({
      account: need(keys[index], "a key"),
      sighting: {
        views,
        hubChainId: HUB,
        stakeManager: stage.addresses.stakeManager,
        domain: stage.params.bundles.domain,
        policyOf: () => policy,
      },
      attesters: stage.addresses.attesters,
      longestValidity: 900,
      collectors: [over.collector ?? apiUrl],
      journalFile: over.journals ? path.join(folder, `${index}.journal`) : undefined,
      signal: stop.signal,
      log,
    }),
  );
  const end = async () => {
    stop.abort();
    await Promise.all(running);
  };
  stops.unshift(end);
  return end;
}

async function ask(facts: readonly Fact[], destination: number) {
  const response = await fetch(new URL("/v1/bundles/batches", apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ facts: facts.map(factToWire), destination }),
  });
  const body = (await response.json()) as {
    error?: { code: string; message: string; data: { missing: number[] } };
  };
  return {
    status: response.status,
    error: body.error,
    batch: response.ok ? wireAttestedBatch.parse(body) : null,
  };
}
/** On a busy machine not everybody has answered by the time that a question is held; relayers ask again. */
const until = <T>(what: () => T | Promise<T>) => vi.waitFor(what, 20_000);
const attested = (facts: readonly Fact[], destination: number): Promise<AttestedBatch> =>
  until(async () => {
    const { batch, error } = await ask(facts, destination);
    return batchFromWire(need(batch, error?.message ?? "a batch"));
  });
/** What asking for them comes to, once that is the answer. */
const refusal = (facts: readonly Fact[], destination: number, why: string): Promise<string> =>
  until(async () => {
    const said = (await ask(facts, destination)).error?.message ?? "";
    if (!said.includes(why)) throw new Error(`${why} is not said: ${said}`);
    return said;
  });

const target = alice.address.toLowerCase() as Address;
const twoLegs = (gasLimit = 200_000) => [
  leg({ chainId: ROLLUP_A, target, kind: "value", gasLimit }),
  leg({ chainId: ROLLUP_B, target, kind: "value", needsOk: [0] }),
];
async function opened(watch: BundleWatch, legs: readonly Leg[] = twoLegs(), over: Partial<Bundle> = {}) {
  const deadline = Number((await stage.hub.node.getBlock()).timestamp) + 3_600;
  const bundle = bundleOf(legs, deadline, over);
  const id = await stage.open(bundle, legs);
  await until(() => expect(watch.shown(id)?.hub.outcome).toBe("open"));
  return {
    id,
    bundle,
    legs,
    shown: () => need(watch.shown(id), "the bundle"),
    facts: () => {
      const view = need(watch.shown(id), "the bundle");
      return legs.map((_, place) => openedFact(view, place));
    },
  };
}

test("three of four say that a leg is open, and the rollup runs it; the receipt follows", async () => {
  const view = await viewOf();
  attest([0, 1, 3], [view, view]);
  const { id, bundle, legs, shown, facts } = await opened(view.watch);
  const base = need(shown().hub.base, "a base");
  const item = { id, bundle, legs, base, place: 0, facts: [need(facts()[0], "a fact")] };
  const args = runArgs([item], relayer.address);
  const batch = await attested(args.facts, ROLLUP_A);
  expect(batch.seats).toBe(0b1011n);
  await stage.send(ROLLUP_A, relayer, {
    address: stage.addresses.settler,
    abi: settlerAbi,
    functionName: "run",
    args: [args.legs, args.receipts, args.decisions, encodeEvidence(batch), relayer.address],
  });
  await until(() => expect(shown().shown[0]?.state).toBe("ok"));
  // One batch of three facts for the other rollup, of which a part is proved.
  const receipt: Fact = {
    kind: "receipt",
    ordinal: base,
    status: "ok",
    result: need(shown().shown[0], "a leg").result,
    relayer: relayer.address.toLowerCase() as Address,
  };
  const all = await attested([...facts(), receipt], ROLLUP_B);
  await expect(
    stage.rollups[1].chain.client.readContract({
      address: stage.addresses.attesters,
      abi: attestersAbi,
      functionName: "checkRoot",
      args: [
        all.root,
        { epoch: all.epoch, validUntil: all.validUntil, seats: all.seats, signatures: all.signatures },
      ],
    }),
  ).resolves.toBeUndefined();
  await until(async () =>
    expect((await attestationsOf(store.db, { id, base, legs: 2 })).map(({ fact }) => fact)).toEqual(
      expect.arrayContaining([`opened ${base}`, `opened ${base + 1n}`, `receipt ${base}`]),
    ),
  );
  const [first] = await attestationsOf(store.db, { id, base, legs: 2 });
  expect(first?.signers.length).toBeGreaterThanOrEqual(3);
});

/** How many facts were answered so by keys of this process. */
async function answeredFacts(answer: string): Promise<number> {
  const series = `bundles_attester_facts_total{answer="${answer}"} `;
  const line = (await registry.metrics()).split("\n").find((one) => one.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
}

test("what did not happen is not said, and whoever asks hears which fact and why", async () => {
  const view = await viewOf();
  attest([0, 1, 2, 3], [view, view]);
  const { facts, shown } = await opened(view.watch);
  const lie: Fact = { kind: "decision", id: shown().id, base: shown().hub.base ?? 0n, outcome: "committed" };
  const before = await Promise.all(["signed", "not_seen", "beside"].map(answeredFacts));
  await attested(facts(), ROLLUP_A);
  await until(async () => {
    const { status, error } = await ask([...facts(), lie], ROLLUP_A);
    expect([status, error?.code, error?.data.missing]).toEqual([409, "bundles.not_attested", [2]]);
    expect(error?.message).toContain("not_seen");
  });
  const after = await Promise.all(["signed", "not_seen", "beside"].map(answeredFacts));
  for (const [index, count] of after.entries()) expect(count).toBeGreaterThan(before[index] ?? 0);
});

test("two are not enough", async () => {
  const view = await viewOf();
  attest([0, 1], [view, view]);
  const { facts } = await opened(view.watch);
  const { status, error } = await ask(facts(), ROLLUP_A);
  expect([status, error?.code]).toEqual([409, "bundles.not_attested"]);
  expect(error?.message).toContain("have not answered");
});

/** A node that passes calls on, and shows one word of the logs otherwise. */
async function liar(upstream: string, twist: (text: string) => string) {
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await request.toArray()).toString();
      const answer = await fetch(upstream, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      response.setHeader("content-type", "application/json");
      response.end(twist(await answer.text()));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("where one of two nodes lies nothing is said, neither the truth nor the lie", async () => {
  const honest = await viewOf();
  const stranger = `0x${"ab".repeat(20)}` as Address;
  // It says that another owner opened the bundle, in blocks of the right hashes.
  const url = await liar(stage.hub.rpcUrl, (text) =>
    text.replaceAll(alice.address.slice(2).toLowerCase(), stranger.slice(2)),
  );
  const { facts } = await opened(honest.watch);
  const fooled = await viewOf({ [HUB]: url });
  attest([0, 1, 2, 3], [fooled, honest]);
  const [truth] = facts();
  const lie: Fact = { ...need(truth, "a fact"), owner: stranger } as Fact;
  expect((await ask([need(truth, "a fact")], ROLLUP_A)).error?.code).toBe("bundles.not_attested");
  expect((await ask([lie], ROLLUP_A)).error?.code).toBe("bundles.not_attested");
});

test("whoever makes up facts holds nobody up", async () => {
  const view = await viewOf();
  attest([0, 1, 2, 3], [view, view]);
  const { facts } = await opened(view.watch);
  await attested(facts(), ROLLUP_A);
  learned.clear();
  let asked = 0;
  const madeUp = (): Fact[] =>
    Array.from({ length: 16 }, () => ({ kind: "prepared", id: numberToHex(++asked, { size: 32 }) }));
  expect(await refusal(madeUp(), ROLLUP_A, "not_seen")).toContain("not_seen");
  const flood = Array.from({ length: 24 }, () => ask(madeUp(), ROLLUP_A));
  // As a relayer does, who asks again.
  for (const fact of facts()) await until(async () => expect((await ask([fact], ROLLUP_B)).status).toBe(200));
  expect((await Promise.all(flood)).map(({ status }) => status)).not.toContain(200);
  // Nobody was asked for hashes of what no chain shows.
  expect(learned.size).toBe(0);
});

test("a node that shows another block stops its owner, and says so", async () => {
  const honest = await viewOf();
  const { facts } = await opened(honest.watch);
  const { hash } = await stage.hub.node.getBlock();
  const url = await liar(stage.hub.rpcUrl, (text) =>
    text.replaceAll(need(hash, "a hash"), `0x${"ee".repeat(32)}`),
  );
  const forked = await viewOf({ [HUB]: url });
  attest([0, 1, 2, 3], [honest, forked]);
  expect(await refusal(facts(), ROLLUP_A, "nodes_disagree")).toContain("nodes_disagree");
});

test("a block is waited for as the policy says", async () => {
  const view = await viewOf();
  attest([0, 1, 2, 3], [view, view], { wait: { blocks: 2 } });
  const { facts } = await opened(view.watch);
  expect(await refusal(facts(), ROLLUP_A, "too_young")).toContain("too_young");
  await stage.hub.node.mine({ blocks: 2 });
  expect((await attested(facts(), ROLLUP_A)).facts).toHaveLength(2);
});

/** A collector that shows these lines once, and keeps what it is answered in the order of coming. */
async function collectorOf(lines: readonly string[]) {
  type Said = { root: string; silent?: { fact: number; why: string }[] };
  const answers: Said[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method === "GET") return response.write(lines.map((line) => `${line}\n`).join(""));
      const said = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { answers: Said[] };
      answers.push(...said.answers);
      return response.end('{"refused":[]}');
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers };
}

/** Free ones are believed at once, those of one wei two blocks later, all others some minutes later. */
const BY_FEE: FinalityPolicy = [
  { upTo: 0n, wait: { blocks: 0 } },
  { upTo: 1n, wait: { blocks: 2 } },
  { upTo: null, wait: "finalized" },
];
const NINE = Array.from({ length: 9 }, () => leg({ chainId: ROLLUP_A, target, kind: "value" }));
const proposalOf = async (facts: readonly Fact[]) => {
  const validUntil = Number((await stage.hub.node.getBlock()).timestamp) + 450;
  return { root: factTree(facts).root, epoch: 1, validUntil, facts: facts.map(factToWire) };
};
/** All batches that can be made of them, but for their order. */
const partsOf = (facts: readonly Fact[]) =>
  Array.from({ length: 2 ** facts.length - 1 }, (_, n) =>
    facts.filter((__, place) => ((n + 1) >> place) & 1),
  );

test("what is too young for longer than anybody waits is answered at once", async () => {
  const view = await viewOf();
  const young = await opened(view.watch, NINE);
  const free = await opened(view.watch, twoLegs(), { fee: 0n });
  const near = await opened(view.watch, twoLegs(), { fee: 1n });
  const batches = await Promise.all([near.facts(), [...young.facts(), ...free.facts()]].map(proposalOf));
  const { url, answers } = await collectorOf(batches.map((one) => JSON.stringify(one)));
  attest([0], [view, view], { policy: BY_FEE, collector: url });
  await until(() => expect(answers).toHaveLength(2));
  // It came last; and nothing is said against those that are old enough.
  expect(answers.map(({ root }) => root)).toEqual(batches.map(({ root }) => root).toReversed());
  expect(answers[0]?.silent).toEqual(NINE.map((_, fact) => ({ fact, why: "too_young" })));
});

test("who waits for blocks that are near keeps nobody from his turn", async () => {
  const view = await viewOf();
  const young = await opened(view.watch, NINE, { fee: 1n });
  const free = await opened(view.watch, twoLegs(), { fee: 0n });
  const parts = partsOf(young.facts());
  const honest = await proposalOf(free.facts());
  const lines = await Promise.all(parts.map(proposalOf));
  const { url, answers } = await collectorOf([...lines, honest].map((one) => JSON.stringify(one)));
  attest([0], [view, view], { policy: BY_FEE, collector: url });
  const placeOf = () => answers.findIndex(({ root }) => root === honest.root);
  await until(() => expect(placeOf()).toBeGreaterThanOrEqual(0));
  expect(answers[placeOf()]?.silent).toBeUndefined();
  // 511 came before it, and 128 may be looked at together: in turns it would have come behind 383.
  expect(placeOf()).toBeLessThan(383);
  await until(() => expect(answers).toHaveLength(parts.length + 1));
  expect(answers.filter(({ silent }) => silent?.some(({ why }) => why === "too_young"))).toHaveLength(511);
});

test("after a reorg deeper than was waited for nobody contradicts himself, also not after a restart", async () => {
  const view = await viewOf();
  const end = attest([0, 1, 2, 3], [view, view], { journals: true });
  const first = await opened(view.watch);
  const said = await attested(first.facts(), ROLLUP_A);
  await stage.hub.node.request({ method: "anvil_reorg" as never, params: [1, []] as never });
  await until(() => expect(view.watch.factsView(first.id)?.hub.outcome).toBe("none"));
  // Another bundle has its ordinals now.
  const second = await opened(view.watch, twoLegs(100_000));
  expect(said.facts[0]).toMatchObject({ base: second.shown().hub.base });
  expect(await refusal(second.facts(), ROLLUP_A, "said_otherwise")).toContain("said_otherwise");
  await end();
  const lines = readFileSync(path.join(folder, "0.journal"), "utf8").split("\n");
  expect(lines.filter((line) => line.includes(`"opened ${second.shown().hub.base}"`))).toHaveLength(1);
  attest([0, 1, 2, 3], [view, view], { journals: true });
  expect(await refusal(second.facts(), ROLLUP_A, "said_otherwise")).toContain("said_otherwise");
});
