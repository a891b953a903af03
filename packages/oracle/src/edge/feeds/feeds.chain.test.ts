import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { feedsAbi, stakeManagerAbi } from "@sooth/abi";
import { at, type Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import {
  bytesToHex,
  decodeFunctionResult,
  encodeFunctionData,
  hexToBytes,
  parseSignature,
  signatureToCompactSignature,
} from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { type Sources, startSources } from "../../../test/sources.ts";
import {
  asker,
  type Call,
  keys,
  openStage,
  owners,
  sendAll,
  type Stage,
  until,
} from "../../../test/stage.ts";
import {
  feedReportTypedData,
  type wireFeedDetail,
  type wireFeedValue,
  type wirePulledFeed,
} from "../../core/index.ts";

const told: string[] = [];
let sources: Sources;
let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-feeds-"));
  sources = await startSources(["a", "b", "c"]);
  stage = await openStage({ allowedOrigins: [sources.origin], feeds: told });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
});
afterAll(async () => {
  await stage.close();
  await sources.stop();
  await rm(folder, { recursive: true });
});

/** Through the API, as a wallet would. The test's API tells it from then on. */
async function create(
  over: { secondary?: Hex; apartBps?: number; nonce?: string; heartbeat?: number } = {},
): Promise<Hex> {
  const { id, calls } = (await (await prepare(over)).json()) as { id: Hex; calls: Call[] };
  told.push(id);
  await sendAll(stage, asker, calls);
  return id;
}
const prepare = (over: object) =>
  fetch(new URL("/v1/feeds/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      heartbeat: 15,
      jump: 3,
      bandBps: 500,
      schema: {
        version: 1,
        text: "ETH/USD",
        decimals: 2,
        unit: "USD",
        step: 3,
        deviationBps: 10,
        sources: sources.named,
      },
      ...over,
    }),
  });

/** As a consumer does: what the API hands out, the contract believes; with a byte changed it does not. */
async function pulledBy(id: Hex, value: bigint): Promise<void> {
  const report = await stage.get<z.infer<typeof wirePulledFeed>>(`/v1/feeds/${id}/report`);
  expect(report.value).toBe(String(value));
  const entries = hexToBytes(report.entries as Hex);
  const check = (shown: Uint8Array) =>
    stage.chain.client.readContract({
      address: report.contract as Hex,
      abi: feedsAbi,
      functionName: "checkValues",
      args: [id, report.observedAt, report.epoch, bytesToHex(shown)],
    });
  expect(await check(entries)).toEqual([value, BigInt(report.weight)]);
  expect(3n * BigInt(report.weight)).toBeGreaterThan(2n * BigInt(report.totalWeight));
  const { data } = await stage.chain.client.call({
    to: report.check?.to as Hex,
    data: report.check?.data as Hex,
  });
  expect(decodeFunctionResult({ abi: feedsAbi, functionName: "checkValues", data: data ?? "0x" })[0]).toBe(
    value,
  );
  // A seat, a value, and both halves of a signature.
  for (const place of [0, 12, 20, 76]) {
    const changed = entries.with(place, at([...entries], place) ^ 1);
    await expect(check(changed)).rejects.toThrow(/revert/);
  }
}

/** The source's own key tells it: no quorum, and nobody's stake. */
async function opinion(): Promise<{ id: Hex; tell: (value: bigint) => Promise<void> }> {
  const source = at(keys, 4);
  const response = await prepare({ signer: source.address, jump: 0 });
  const { id, calls } = (await response.json()) as { id: Hex; calls: Call[] };
  await sendAll(stage, asker, calls);
  const owner = await until("the opinion", () =>
    one<{ template: Hex }>(stage.store.db, sql`select template from oracle.feeds where feed = ${id}`),
  );
  const tell = async (value: bigint) => {
    const observedAt = await stage.chain.now();
    const domain = { chainId: stage.chain.definition.id, feeds: stage.addresses.feeds };
    const report = { feed: owner.template, value, observedAt, epoch: 0 };
    const signature = await source.signTypedData(feedReportTypedData(domain, report));
    const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
    const args = [owner.template, value, observedAt, r, yParityAndS] as const;
    const data = encodeFunctionData({ abi: feedsAbi, functionName: "updateFirstParty", args });
    await sendAll(stage, asker, [{ to: stage.addresses.feeds, data }]);
  };
  return { id, tell };
}

test(
  "a value too far from a second opinion is not taken from a quorum; one within the band is",
  { timeout: 120_000 },
  async () => {
    const { id: secondary, tell } = await opinion();
    const bad = await prepare({ secondary, apartBps: 30 });
    expect(bad.status).toBe(400);
    const both = await prepare({ secondary, signer: at(keys, 4).address });
    expect([both.status, await both.json()]).toMatchObject([400, { error: { code: "feeds.bad_terms" } }]);
    const strange: Hex = `0x${"00".repeat(32)}`;
    expect((await prepare({ secondary: strange })).status).toBe(400);

    await tell(250_000n);
    sources.set({ close: "2000.00" });
    const id = await create({ secondary, apartBps: 200, nonce: "7" });
    const shown = () => stage.get<z.infer<typeof wireFeedDetail>>(`/v1/feeds/${id}`);
    const stops = [0, 1, 2].map((index) =>
      stage.provide(at(keys, index), { journalFile: path.join(folder, `second-${index}`) }),
    );
    // Three of four say 2,000, the second opinion 2,500.
    const refused = await until(
      "the refusal",
      async () => {
        const found = await shown();
        return typeof found.refused === "string" && found;
      },
      60,
    );
    expect(refused).toMatchObject({ value: null, refused: "200000", secondary, apartBps: 200 });
    sources.set({ close: "2460.00" });
    await tell(250_100n);
    const taken = await until(
      "a value within the band",
      async () => {
        const found = await shown();
        return typeof found.value === "string" && found;
      },
      60,
    );
    expect(taken).toMatchObject({ value: "246000", refused: null });
    await Promise.all(stops.map((stop) => stop()));
    told.splice(0);
  },
);

test(
  "providers tell a feed; one down is tolerated; a jump halts it until 90 % say so; two values cost all",
  { timeout: 240_000 },
  async () => {
    const provide = (index: number) =>
      stage.provide(at(keys, index), { journalFile: path.join(folder, `provider-${index}`) });
    const stops = [0, 1, 2, 3].map(provide);
    sources.set({ close: "2000.00" });
    // Three of four cannot end a silence of two heartbeats: no step here takes that long, whatever else the machine does.
    const id = await create({ heartbeat: 120 });
    const shown = () => stage.get<z.infer<typeof wireFeedDetail>>(`/v1/feeds/${id}`);
    const reach = (value: string) =>
      until(
        `the value ${value}`,
        async () => {
          const found = await shown();
          return found.value === value && found;
        },
        60,
      );

    expect(await reach("200000")).toMatchObject({ label: "2,000 USD", told: true, scheme: "values" });
    // Each within a heartbeat of the last: it is told because it moved.
    for (const close of ["2010.00", "2020.00", "2030.00"]) {
      sources.set({ close });
      await reach(close.replace(".", ""));
    }
    const onChain = await stage.chain.client.readContract({
      address: stage.addresses.feeds,
      abi: feedsAbi,
      functionName: "read",
      args: [id],
    });
    expect(onChain[1]).toBe(203_000n);
    await pulledBy(id, 203_000n);

    await at(stops, 3)();
    sources.set({ close: "2040.00" });
    const without = await reach("204000");
    expect(new Set(without.reports.map(({ seat }) => seat)).size).toBeGreaterThanOrEqual(3);

    sources.set({ close: "9000.00" });
    const halted = await until(
      "the breaker",
      async () => {
        const found = await shown();
        return typeof found.refused === "string" && found;
      },
      60,
    );
    expect(halted).toMatchObject({ value: "204000", refused: "900000" });
    // Who pulls is told what a quorum signed, and not what the breaker thinks of it.
    await pulledBy(id, 900_000n);
    stops[3] = provide(3);
    expect(await reach("900000")).toMatchObject({ refused: null });

    // All of them started anew: they remember what they said, and go on.
    await Promise.all(stops.map((stop) => stop()));
    sources.set({ close: "9010.00" });
    [0, 1, 2, 3].forEach(provide);
    await reach("901000");
    expect(await one(stage.store.db, sql`select 1 from oracle.feed_equivocations`)).toBeUndefined();

    const { items } = await stage.get<{ items: z.infer<typeof wireFeedValue>[] }>(
      `/v1/feeds/${id}/values?limit=100`,
    );
    expect(items.map(({ round }) => round)).toEqual(items.map((_, index) => items.length - index));
    expect(items.map(({ value }) => value)).toEqual(
      expect.arrayContaining(["200000", "201000", "202000", "203000", "204000", "900000", "901000"]),
    );

    const liar = at(keys, 0);
    const said = at(
      (await shown()).reports.filter(({ signer }) => signer === liar.address.toLowerCase()),
      0,
    );
    const other = {
      feed: id,
      value: BigInt(said.value) + 1n,
      observedAt: said.observedAt,
      epoch: said.epoch,
    };
    const domain = { chainId: stage.chain.definition.id, feeds: stage.addresses.feeds };
    const response = await fetch(new URL(`/v1/feeds/${id}/reports`, stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        value: String(other.value),
        observedAt: other.observedAt,
        epoch: other.epoch,
        signature: await liar.signTypedData(feedReportTypedData(domain, other)),
      }),
    });
    expect(await response.json()).toMatchObject({ error: { code: "feeds.equivocation" } });
    await until(
      "the ban",
      () =>
        stage.chain.client.readContract({
          address: stage.addresses.stakeManager,
          abi: stakeManagerAbi,
          functionName: "isBanned",
          args: [at(owners, 0).address],
        }),
      60,
    );
  },
);
