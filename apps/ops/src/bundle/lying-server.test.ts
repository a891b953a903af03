import {
  type Bundle,
  bundleFromWire,
  bundleId,
  bundleToWire,
  legFromWire,
  legHash,
  legsHashOf,
  openingCalls,
  type WireBundleDetail,
  wirePrepareBundle,
  STANDALONE,
} from "@sooth/bundles/core";
import { computeAddresses, localParams } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "../commands/index.ts";
import { openServer, withChains } from "./network.ts";

// A server that an owner asks, and that would rather have his money. What it wants is that he signs or sends its words.
const KEY = `0x${"51".repeat(32)}` as const;
const OWNER = privateKeyToAddress(KEY);
const THIEF: Address = `0x${"66".repeat(20)}`;
const honest = computeAddresses(localParams);
const HUB = 31_337;
const folder = mkdtempSync(path.join(tmpdir(), "sooth-lying-"));
const file = path.join(folder, "legs.json");
const legs = [{ chainId: 31_338, target: `0x${"22".repeat(20)}`, data: "0x01" }];

type Lies = {
  addresses?: Record<string, string>;
  header?: (header: Bundle) => Bundle;
  calls?: (calls: WireBundleDetail["calls"]) => WireBundleDetail["calls"];
  detail?: (detail: WireBundleDetail) => WireBundleDetail;
};
let lies: Lies = {};
let asked: string[] = [];

const api = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    const { status, body } = answer(what, Buffer.concat(chunks).toString());
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
});

function answer(what: string, text: string): { status: number; body: unknown } {
  if (what === "GET /v1/network") return { status: 200, body: network() };
  if (what === "POST /v1/bundles/prepare") return { status: 200, body: prepared(text) };
  if (what === "GET /v1/bundles/" + ours.id)
    return { status: 200, body: lies.detail?.(detail()) ?? detail() };
  const error = { code: "bundles.no_such_chain", message: "leg 0 is on a chain that is not known", data: {} };
  return { status: 409, body: { error } };
}

// The nodes that it names would lie as well: none is asked here.
const network = () => ({
  hub: { chainId: HUB, rpcUrl: "" },
  rollups: [{ chainId: 31_338, rpcUrl: null }],
  addresses: { ...honest, ...lies.addresses },
  devAccounts: null,
  collateral: { symbol: "USDC", decimals: 6 },
  now: Math.floor(Date.now() / 1_000),
});

function prepared(text: string) {
  const { owner, mode, deadline, fee, salt, legs: given } = wirePrepareBundle.parse(JSON.parse(text));
  const own = given.map(legFromWire);
  const legsHash = legsHashOf(own.map(legHash));
  const header: Bundle = {
    owner: owner as Address,
    mode,
    legs: own.length,
    deadline,
    legsHash,
    fee: BigInt(fee ?? 0),
    salt: BigInt(salt ?? 0),
  };
  const told = lies.header?.(header) ?? header;
  const hub = { chainId: HUB, hub: honest.bundleHub };
  const calls = openingCalls(hub, honest.escrow, { bundle: told, legs: own, isPrivate: false });
  return {
    id: bundleId(hub, told),
    bundle: bundleToWire(told),
    hashes: own.map(legHash),
    typedData: null,
    pledges: [],
    calls: lies.calls?.(calls) ?? calls,
  };
}

const LEG = {
  chainId: 31_338,
  kind: "shared" as const,
  target: `0x${"22".repeat(20)}`,
  value: "0",
  gasLimit: 1,
  data: "0x01",
  ...STANDALONE,
  salt: `0x${"33".repeat(32)}`,
};
const header = {
  owner: OWNER.toLowerCase(),
  mode: "ordered" as const,
  legs: 1,
  deadline: 2_000_000_000,
  legsHash: legsHashOf([legHash(legFromWire(LEG))]),
  fee: "7",
  salt: "5",
};
const ours = { id: bundleId({ chainId: HUB, hub: honest.bundleHub }, bundleFromWire(header)) };
const detail = (): WireBundleDetail => ({
  id: ours.id,
  chainId: HUB,
  owner: header.owner,
  mode: "ordered",
  legs: 1,
  chains: [31_338],
  fee: "7",
  deadline: header.deadline,
  outcome: "open",
  status: { kind: "buffered" },
  openedAt: 1,
  openedIn: ours.id,
  bundle: header,
  base: "0",
  shown: [
    {
      place: 0,
      hash: legHash(legFromWire(LEG)),
      chainId: 31_338,
      leg: LEG,
      state: "none",
      failures: 0,
      wait: null,
      result: null,
      returned: null,
      relayer: null,
      transaction: null,
      block: null,
      at: null,
      heldAt: null,
      heldIn: null,
      gasUsed: null,
      cost: null,
    },
  ],
  pledges: [],
  attestations: [],
  clocks: [HUB, 31_338].map((chainId) => ({ chainId, now: 1_900_000_000, paused: false, reachable: true })),
  times: { abortable: 2_000_000_100, escape: 2_000_000_200, reclaimable: 2_000_000_300 },
  decidedAt: null,
  decidedIn: null,
  fees: { paid: "0", toAttesters: "0", toOwner: "0", left: "7" },
  calls: [],
});

beforeAll(async () => {
  vi.stubEnv("BUNDLE_KEY", KEY);
  for (const key of ["HUB_RPC_URLS", "ROLLUPS", "LAPTOP_COMMITTEE"]) vi.stubEnv(key, undefined);
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => api.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  lies = {};
  asked = [];
  writeFileSync(file, JSON.stringify({ mode: "ordered", fee: "7", legs }));
});

const url = () => `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
async function bundle(...argv: string[]) {
  const said: string[] = [];
  const line = (text = "") => void said.push(text);
  const terminal = { line, complain: line, result: (value: unknown) => line(JSON.stringify(value)) };
  const code = await runCommand(["bundle", ...argv, "--url", url()], COMMANDS, terminal);
  return { code, said: said.join("\n") };
}

test("an honest one is handed what its owner signed", async () => {
  const { said } = await bundle("open", file, "--send");
  expect(asked.at(-1)).toBe("POST /v1/bundles");
  // What it answers has a code and a sentence, and legs count from 1 in it.
  expect(said).toBe("leg 1 is on a chain that is not known [bundles.no_such_chain]");
});

test.each<[string, Lies, RegExp]>([
  [
    "other legs",
    { header: (one) => ({ ...one, legsHash: `0x${"77".repeat(32)}` }) },
    /\(legs, id, .*ops\.other_bundle/,
  ],
  ["a higher fee", { header: (one) => ({ ...one, fee: 10n ** 20n }) }, /\(fee, id, .*ops\.other_bundle/],
  ["another owner", { header: (one) => ({ ...one, owner: THIEF }) }, /\(owner, id, .*ops\.other_bundle/],
  [
    "a later deadline",
    { header: (one) => ({ ...one, deadline: one.deadline + 9 }) },
    /\(deadline, id, .*other_bundle/,
  ],
  ["another mode", { header: (one) => ({ ...one, mode: "escrowed" }) }, /\(mode, id, .*ops\.other_bundle/],
  ["another hub", { addresses: { bundleHub: THIEF } }, /\(bundleHub\).*ops\.other_contracts/],
  ["another escrow", { addresses: { escrow: THIEF } }, /\(escrow\).*ops\.other_contracts/],
  [
    "other outcome tokens",
    { addresses: { outcomeTokens: THIEF } },
    /\(outcomeTokens\).*ops\.other_contracts/,
  ],
  [
    "calls of its own",
    {
      calls: (calls) => [
        ...calls,
        {
          what: "approve",
          leg: null,
          by: OWNER,
          chainId: HUB,
          to: honest.collateral,
          data: "0x",
          value: "0",
        },
      ],
    },
    /\(the call approve on chain 31337\).*ops\.other_bundle/,
  ],
])("one that says %s gets nothing signed, whoever pays", async (_, told, wanted) => {
  lies = told;
  for (const how of [[], ["--pay"]]) {
    const { code, said } = await bundle("open", file, ...how, "--send");
    expect([code, said]).toEqual([1, expect.stringMatching(wanted)]);
  }
  expect(asked.filter((what) => what.startsWith("POST"))).not.toContain("POST /v1/bundles");
});

test("a fee that only the server names is agreed to by its figure, and not else", async () => {
  writeFileSync(file, JSON.stringify({ mode: "ordered", legs }));
  const { said } = await bundle("open", file, "--fee", "7", "--send");
  expect([asked.at(-1), said]).toEqual(["POST /v1/bundles", expect.stringContaining("no_such_chain")]);
});

test("what is sent for a bundle is of that bundle, whatever the server says", async () => {
  const shown = await bundle("refund", ours.id);
  expect(shown.said).toContain("BundleHub.abort");
  expect(shown.said).toContain(`to ${honest.bundleHub}`);
  const theirs = { ...header, salt: "6" };
  lies = { detail: (one) => ({ ...one, bundle: theirs }) };
  expect((await bundle("refund", ours.id)).said).toMatch(/\(header\).*ops\.other_bundle/);
  lies = { detail: (one) => ({ ...one, id: `0x${"01".repeat(32)}` as Hex }) };
  expect((await bundle("refund", ours.id)).said).toMatch(/\(id\).*ops\.other_bundle/);
  const leg = { ...LEG, target: THIEF };
  lies = { detail: (one) => ({ ...one, shown: one.shown.map((each) => ({ ...each, leg })) }) };
  expect((await bundle("relay", ours.id)).said).toMatch(/\(legs\).*ops\.other_bundle/);
});

test("attack: a server that says it is a laptop has nothing sent to a chain where money is real", async () => {
  const server = await openServer(url(), { signs: true });
  await withChains(server, async (chainAt) => {
    expect(() => chainAt(31_338)).toThrow(expect.objectContaining({ code: "ops.no_key" }));
    expect(() => chainAt(8_453)).toThrow(expect.objectContaining({ code: "ops.other_network" }));
  });
});

test("calls that it adds are not sent", async () => {
  const abort = {
    what: "abort" as const,
    leg: null,
    by: OWNER,
    chainId: HUB,
    to: THIEF,
    data: "0x",
    value: "9",
  };
  lies = { detail: (one) => ({ ...one, calls: [abort, { ...abort, what: "reclaim", by: null }] }) };
  const { said } = await bundle("refund", ours.id);
  expect(said).toContain(honest.bundleHub);
  expect(said).not.toContain(THIEF);
});
