import {
  bundleFromWire,
  bundleId,
  type Hub,
  legFromWire,
  legHash,
  legsHashOf,
  type WireBundle,
  type WireLeg,
  type WirePrepareBundle,
} from "@sooth/bundles/core";
import { expect, test } from "vitest";
import { refuseOther } from "./refuse-other.ts";

const hub: Hub = { chainId: 31_337, hub: `0x${"11".repeat(20)}` };
const leg: WireLeg = {
  chainId: 31_338,
  kind: "shared",
  target: `0x${"22".repeat(20)}`,
  value: "0",
  gasLimit: 100_000,
  data: "0x01",
  needsOk: [],
  needsFailed: [],
  needsSettled: [],
  undoes: null,
  splices: [],
  conditions: [],
  salt: `0x${"33".repeat(32)}`,
};
const owner = `0x${"aB".repeat(20)}`;
const asked: WirePrepareBundle = { owner, mode: "ordered", deadline: 1_000, legs: [leg] };
const hashOf = (one: WireLeg) => legsHashOf([legHash(legFromWire(one))]);
const header: WireBundle = {
  owner: owner.toLowerCase(),
  mode: "ordered",
  legs: 1,
  deadline: 1_000,
  legsHash: hashOf(leg),
  fee: "7",
  salt: "5",
};
const prepared = (bundle: WireBundle, id?: `0x${string}`) => ({
  id: id ?? bundleId(hub, bundleFromWire(bundle)),
  bundle,
  hashes: [],
  typedData: null,
  pledges: [],
  calls: [],
});

test("the header that the file asks for is signed", () => {
  expect(() => refuseOther(hub, asked, prepared(header))).not.toThrow();
  expect(() => refuseOther(hub, { ...asked, fee: "7", salt: "5" }, prepared(header))).not.toThrow();
});

test.each([
  ["legs", { legsHash: hashOf({ ...leg, target: `0x${"44".repeat(20)}` }) }],
  ["legs", { legs: 2 }],
  ["owner", { owner: `0x${"cd".repeat(20)}` }],
  ["mode", { mode: "escrowed" as const }],
  ["deadline", { deadline: 9_000 }],
  ["fee", { fee: "8" }],
])("a server that answers with other %s gets no signature", (differs, change) => {
  const other = prepared({ ...header, ...change });
  expect(() => refuseOther(hub, { ...asked, fee: "7" }, other)).toThrow(
    expect.objectContaining({ code: "ops.other_bundle", data: { differs } }),
  );
});

test("nor one that names another bundle's id", () => {
  const other = prepared(header, `0x${"99".repeat(32)}`);
  expect(() => refuseOther(hub, asked, other)).toThrow(expect.objectContaining({ data: { differs: "id" } }));
});
