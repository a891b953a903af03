import { expect, test } from "vitest";
import type { Call, TypedData } from "../../api.ts";
import { payingOf, stakeWay } from "./stake-steps.ts";

const call: Call = { chainId: 1, to: "0x1", data: "0x", value: "0", purpose: "Stake" };
const permit = {
  purpose: "",
  domain: {},
  types: {},
  primaryType: "Permit",
  message: {},
} as unknown as TypedData;
const toAllow = { permit, calls: [call, call] };
const allowed = { permit: null, calls: [call] };
const noPermits = { permit: null, calls: [call, call] };
const account = { address: "0x1", name: undefined, test: false, atomicOn: [1], sponsoredOn: [1] };

test("who says nothing signs, and pays no gas", () => {
  const paying = { ownGas: false, sponsored: false };
  expect([toAllow, allowed].map((prepared) => stakeWay(paying, prepared))).toEqual(["signed", "signed"]);
});

test("who wants to send it himself does, and so does who has it paid", () => {
  for (const paying of [
    { ownGas: true, sponsored: false },
    { ownGas: false, sponsored: true },
  ])
    expect([toAllow, allowed].map((prepared) => stakeWay(paying, prepared))).toEqual(["sent", "sent"]);
});

test("a token without permits is allowed by its owner's transaction: a signature alone would be refused", () => {
  expect(stakeWay({ ownGas: false, sponsored: false }, noPermits)).toBe("sent");
});

test("somebody pays only where the wallet lets him, for all of the calls", () => {
  const order = { ownGas: false };
  expect(payingOf({ account }, order, [call]).sponsored).toBe(true);
  expect(payingOf({ account }, order, [call, { ...call, chainId: 2 }]).sponsored).toBe(false);
  expect(payingOf({ account: undefined }, order, [call]).sponsored).toBe(false);
});
