import {
  type Bundle,
  bundleId,
  bundleToWire,
  type Hub,
  type Leg,
  legHash,
  legsHashOf,
  openingCalls,
  type WireBundle,
  type WireBundleCall,
  STANDALONE,
} from "@sooth/bundles/core";
import { need } from "@sooth/kernel";
import { pad } from "viem";
import { expect, test } from "vitest";
import { refuseOther } from "./refuse-other.ts";

const hub: Hub = { chainId: 31_337, hub: `0x${"11".repeat(20)}` };
const escrow = `0x${"55".repeat(20)}` as const;
const owner = `0x${"ab".repeat(20)}` as const;
const leg: Leg = {
  chainId: 31_338,
  kind: "escrow",
  target: `0x${"22".repeat(20)}`,
  value: 25n,
  gasLimit: 0,
  data: `${pad(owner)}${pad(`0x${"cd".repeat(20)}`).slice(2)}`,
  ...STANDALONE,
  salt: `0x${"33".repeat(32)}`,
};
const hashOf = (one: Leg) => legsHashOf([legHash(one)]);
const bundle: Bundle = {
  owner,
  mode: "escrowed",
  legs: 1,
  deadline: 1_000,
  legsHash: hashOf(leg),
  fee: 7n,
  salt: 5n,
};
const calls = openingCalls(hub, escrow, { bundle, legs: [leg], isPrivate: false });
const own = { id: bundleId(hub, bundle), bundle, calls };
const told = (over: { header?: Partial<WireBundle>; id?: `0x${string}`; calls?: WireBundleCall[] }) => ({
  id: over.id ?? own.id,
  bundle: { ...bundleToWire(bundle), ...over.header },
  hashes: [],
  typedData: null,
  pledges: [],
  calls: over.calls ?? calls,
});
const refused = (differs: string) =>
  expect.objectContaining({ code: "ops.other_bundle", data: { differs } }) as Error;

test("a server that says the same is followed, in any case of letters, and where an allowance is there already", () => {
  expect(calls.map(({ what }) => what)).toEqual(["open", "approve", "prepare"]);
  expect(() => refuseOther(own, told({}))).not.toThrow();
  const shouting = calls.map((call) => ({ ...call, to: `0x${call.to.slice(2).toUpperCase()}` }));
  expect(() => refuseOther(own, told({ calls: shouting }))).not.toThrow();
  expect(() =>
    refuseOther(own, told({ calls: calls.filter(({ what }) => what !== "approve") })),
  ).not.toThrow();
});

test.each([
  ["legs", { legsHash: hashOf({ ...leg, target: `0x${"44".repeat(20)}` }) }],
  ["legs", { legs: 2 }],
  ["owner", { owner: `0x${"cd".repeat(20)}` }],
  ["mode", { mode: "ordered" as const }],
  ["deadline", { deadline: 9_000 }],
  ["fee", { fee: "8" }],
  ["salt", { salt: "6" }],
])("a server that answers with other %s gets no signature", (differs, header) => {
  expect(() => refuseOther(own, told({ header }))).toThrow(refused(differs));
});

test("nor one that names another bundle's id", () => {
  expect(() => refuseOther(own, told({ id: `0x${"99".repeat(32)}` }))).toThrow(refused("id"));
});

const changed = (index: number, over: Partial<WireBundleCall>) =>
  calls.map((call, at) => (at === index ? { ...call, ...over } : call));
const thief = `0x${"66".repeat(20)}`;

test.each([
  ["more than the fee", changed(0, { value: "8" }), "the call open on chain 31337"],
  ["another hub", changed(0, { to: thief }), "the call open on chain 31337"],
  [
    "an allowance for somebody else",
    changed(1, { data: need(calls[1], "approve").data.replace("55".repeat(20), "66".repeat(20)) }),
    "the call approve of leg 1 on chain 31338",
  ],
  [
    "an allowance of everything",
    changed(1, { data: `${need(calls[1], "approve").data.slice(0, -64)}${"f".repeat(64)}` }),
    "the call approve of leg 1 on chain 31338",
  ],
  ["another escrow", changed(2, { to: thief }), "the call prepare of leg 1 on chain 31338"],
  [
    "a call that nobody asked for",
    [
      ...calls,
      { what: "approve" as const, leg: null, by: owner, chainId: 31_339, to: thief, data: "0x", value: "0" },
    ],
    "the call approve on chain 31339",
  ],
])("a server that would have %s sent is not followed", (_, lies, differs) => {
  expect(() => refuseOther(own, told({ calls: lies }))).toThrow(refused(differs));
});
