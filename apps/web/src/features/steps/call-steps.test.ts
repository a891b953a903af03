import { at } from "@sooth/kernel";
import { expect, test } from "vitest";
import type { Call } from "../../api.ts";
import type { Handed } from "../wallet/batches.ts";
import { callSteps } from "./call-steps.ts";

const call = (chainId: number, purpose: string): Call => ({
  chainId,
  to: "0x1",
  data: "0x",
  value: "0",
  purpose,
});
const account = (atomicOn: number[]) => ({
  address: "0x1",
  name: undefined,
  test: false,
  atomicOn,
  sponsoredOn: [],
});
const CALLS = [
  call(1, "Let it take"),
  call(1, "Stake"),
  call(2, "Open"),
  call(2, "Put up"),
  call(1, "Claim"),
];

function walletOn(atomicOn: number[]) {
  const sent: { purposes: string[]; handed: Handed | undefined }[] = [];
  const sendAll = async (calls: readonly Call[], _: unknown, handed?: Handed) => {
    sent.push({ purposes: calls.map(({ purpose }) => purpose), handed });
  };
  return { wallet: { account: account(atomicOn), sendAll }, sent };
}
const titles = (atomicOn: number[], calls = CALLS) =>
  callSteps(walletOn(atomicOn).wallet, calls).map(({ title }) => title);

test("each call is a step of its own where the wallet sends one at a time", () => {
  expect(titles([])).toEqual(["Let it take", "Stake", "Open", "Put up", "Claim"]);
  expect(callSteps({ ...walletOn([]).wallet, account: undefined }, CALLS)).toHaveLength(5);
});

test("neighbours on a chain where it sends several as one are one step", () => {
  expect(titles([1])).toEqual(["Let it take, then stake, all in one", "Open", "Put up", "Claim"]);
  expect(titles([1, 2])).toHaveLength(3);
});

test("no batch is larger than wallets take", () => {
  const many = Array.from({ length: 23 }, (_, index) => call(1, `Claim ${index}`));
  expect(titles([1], many)).toEqual([
    "Claim 0, and 9 more, all in one",
    "Claim 10, and 9 more, all in one",
    "Claim 20, and 2 more, all in one",
  ]);
});

test("a step that is tried again remembers what it handed over, and no other's", async () => {
  const { wallet, sent } = walletOn([1]);
  const steps = callSteps(wallet, CALLS);
  await at(steps, 0).run(() => {});
  await at(steps, 0).run(() => {});
  await at(steps, 1).run(() => {});
  expect(sent.map(({ purposes }) => purposes)).toEqual([
    ["Let it take", "Stake"],
    ["Let it take", "Stake"],
    ["Open"],
  ]);
  expect(at(sent, 0).handed).toBe(at(sent, 1).handed);
  expect(at(sent, 0).handed).not.toBe(at(sent, 2).handed);
});
