import { at } from "@sooth/kernel";
import { decodeFunctionData, encodeAbiParameters, erc20Abi, type Hex } from "viem";
import { expect, test } from "vitest";
import type { Call, LegShown } from "../../api.ts";
import { allowSteps, duesOf } from "./allow-steps.ts";

const [PAYER, OTHER, TOKEN, ESCROW] = ["aa", "bb", "cc", "ee"].map((byte): Hex => `0x${byte.repeat(20)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const held = (
  place: number,
  payer: Hex,
  chainId: number,
  value: string,
  state: LegShown["state"] = "none",
) => {
  const data = encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, OTHER]);
  const nothing = {
    needsOk: [],
    needsFailed: [],
    needsSettled: [],
    undoes: null,
    splices: [],
    conditions: [],
  };
  const leg = { ...nothing, chainId, kind: "escrow", target: TOKEN, value, gasLimit: 0, data, salt: "0x" };
  return { place, state, leg } as unknown as LegShown;
};
const shown = [
  held(0, PAYER, 1, "5"),
  held(1, PAYER, 1, "2"),
  held(2, PAYER, 2, "9"),
  held(3, OTHER, 1, "100"),
  held(4, PAYER, 2, "50", "held"),
  { ...held(5, PAYER, 1, "7"), leg: null },
];

test("what is due is a payer's own, not held yet, summed where one allowance is for all of it", () => {
  expect(duesOf({ shown }, PAYER.toUpperCase().replace("0X", "0x"))).toEqual([
    { chainId: 1, token: TOKEN, amount: 7n, places: [0, 1] },
    { chainId: 2, token: TOKEN, amount: 9n, places: [2] },
  ]);
  expect(duesOf({ shown }, ESCROW)).toEqual([]);
});

test("only what may not be taken yet is allowed, and exactly as much as is due", async () => {
  const sent: Call[] = [];
  const wallet = {
    allowanceOn: async (chainId: number) => (chainId === 1 ? 6n : 9n),
    send: async (call: Call) => {
      sent.push(call);
      return "0x";
    },
  };
  const steps = await allowSteps(wallet, duesOf({ shown }, PAYER), ESCROW, (chainId) => `chain ${chainId}`);
  for (const { run } of steps) await run(() => {});
  expect(sent.map(({ chainId, to }) => [chainId, to])).toEqual([[1, TOKEN]]);
  const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data: at(sent, 0).data as Hex });
  expect([functionName, (args as readonly unknown[])[1]]).toEqual(["approve", 7n]);
});
