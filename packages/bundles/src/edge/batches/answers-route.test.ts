import type { Hex } from "@sooth/kernel";
import { type App, createApp, logger } from "@sooth/runtime";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batchTypedData, type Fact, type SignedBatch, type WireProposal } from "../../core/index.ts";
import { batchRoutes } from "./batch-routes.ts";
import { Gatherings } from "./gatherings.ts";

const at = { chainId: 31_337, attesters: `0x${"a7".repeat(20)}` } as const;
const [seated, stranger] = [1, 2].map((n) => privateKeyToAccount(`0x${String(n).repeat(64)}`)) as [
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
];
const prepared = (n: number): Fact => ({ kind: "prepared", id: `0x${n.toString(16).padStart(64, "0")}` });

let app: App;
let shown: WireProposal[];
let asked: Promise<Hex>[];
/** Two batches, each signed by enough with one signature. */
beforeEach(async () => {
  app = await createApp({ log: logger("test"), version: "0" });
  shown = [];
  const gatherings = new Gatherings({
    at,
    attestersOf: async () => ({
      epoch: 1,
      totalWeight: 1n,
      seats: [{ signer: seated.address, weight: 1n }],
    }),
    limits: async () => ({ quorumBps: 6_000n, longestValidity: 900 }),
    now: async () => 1_000,
  });
  gatherings.listen((line) => shown.push(JSON.parse(line) as WireProposal));
  batchRoutes(app, gatherings);
  asked = [1, 2].map((n) => gatherings.propose([prepared(n)], 1, 2_000).then(({ root }) => root));
  await vi.waitUntil(() => shown.length === 2);
});
afterEach(async () => {
  await Promise.allSettled(asked);
  await app.close();
});

async function answerTo(proposal: WireProposal, by = seated) {
  const batch: SignedBatch = { ...proposal, root: proposal.root as Hex };
  const { root, epoch, validUntil } = batch;
  const signature = await by.signTypedData(batchTypedData(at, batch));
  return { root, epoch, validUntil, signer: seated.address.toLowerCase(), signature };
}
const hand = (answers: readonly object[]) =>
  app.inject({ method: "POST", url: "/v1/bundles/batches/signatures", payload: { answers } });

test("each answer counts as if it came alone, and what is not taken is named", async () => {
  const [first, second] = await Promise.all(shown.map((each) => answerTo(each)));
  const unknown = { ...first, root: `0x${"99".repeat(32)}` };
  const response = await hand([first, unknown, second].filter((each) => each !== undefined));
  expect(response.json()).toEqual({ refused: [{ root: unknown.root, why: "bundles.wrong_root" }] });
  expect(await Promise.all(asked)).toEqual(shown.map(({ root }) => root));
});

test("a signature that is not its signer's ends the request: what stood before it counts, and nothing after", async () => {
  const [before, after] = shown as [WireProposal, WireProposal];
  const response = await hand([
    await answerTo(before),
    await answerTo(after, stranger),
    await answerTo(after),
  ]);
  expect(response.json()).toMatchObject({ error: { code: "bundles.bad_attestation" } });
  const [one, other] = await Promise.allSettled(asked);
  expect(one).toMatchObject({ status: "fulfilled", value: before.root });
  expect(other).toMatchObject({ status: "rejected", reason: { code: "bundles.not_attested" } });
});

test("no request holds more answers than it may, nor none", async () => {
  const first = await answerTo(shown[0] as WireProposal);
  expect((await hand(Array.from({ length: 65 }, () => first))).statusCode).toBe(400);
  expect((await hand([])).statusCode).toBe(400);
});
