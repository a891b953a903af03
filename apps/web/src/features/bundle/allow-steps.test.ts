import { at } from "@sooth/kernel";
import { decodeFunctionData, encodeAbiParameters, erc20Abi, type Hex, recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import type { Call, LegShown, TypedData } from "../../api.ts";
import { allowSteps, duesOf, permitSteps } from "./allow-steps.ts";

const [PAYER, OTHER, TOKEN, ESCROW] = ["aa", "bb", "cc", "ee"].map((byte): Hex => `0x${byte.repeat(20)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const WHERE = { escrow: ESCROW, title: (chainId: number) => `chain ${chainId}` };
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
    account: undefined,
    sendAll: async (calls: readonly Call[]) => {
      sent.push(...calls);
    },
  };
  const steps = await allowSteps(wallet, duesOf({ shown }, PAYER), WHERE);
  for (const { run } of steps) await run(() => {});
  expect(sent.map(({ chainId, to }) => [chainId, to])).toEqual([[1, TOKEN]]);
  const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data: at(sent, 0).data as Hex });
  expect([functionName, (args as readonly unknown[])[1]]).toEqual(["approve", 7n]);
});

test("where others bring it a token with permits is let go by a signature for one leg, and nothing is sent for it", async () => {
  const signer = privateKeyToAccount(`0x${"01".repeat(32)}`);
  const payer = signer.address.toLowerCase() as Hex;
  const legs = [
    held(0, payer, 1, "5"),
    // Two legs of one token on one chain: the first that is brought would use the permit up.
    held(1, payer, 2, "2"),
    held(2, payer, 2, "3"),
  ];
  const sent: Call[] = [];
  const signed: TypedData[] = [];
  const wallet = {
    account: { address: payer, name: undefined, test: true, atomicOn: [], sponsoredOn: [] },
    allowanceOn: async () => 0n,
    permitOn: async (chainId: number, token: string) => ({
      domain: { name: "Token", version: "1", chainId, verifyingContract: token as Hex },
      nonce: 4n,
    }),
    sign: async (data: TypedData) => {
      signed.push(data);
      return signer.signTypedData(data as unknown as Parameters<typeof signer.signTypedData>[0]);
    },
    sendAll: async (calls: readonly Call[]) => {
      sent.push(...calls);
    },
  };
  const { steps, permits } = await permitSteps(wallet, duesOf({ shown: legs }, payer), {
    ...WHERE,
    deadline: 2_000,
  });
  for (const { run } of steps) await run(() => {});
  expect(sent.map(({ chainId, to }) => [chainId, to])).toEqual([[2, TOKEN]]);
  expect([...permits.keys()]).toEqual([0]);
  const { v, r, s, value, deadline } = permits.get(0) ?? { v: 0, r: "", s: "", value: "", deadline: "" };
  expect([value, deadline]).toEqual(["5", "2000"]);
  expect(signed).toHaveLength(1);
  const recovered = await recoverTypedDataAddress({
    ...(at(signed, 0) as unknown as Parameters<typeof recoverTypedDataAddress>[0]),
    signature: `${r}${s.slice(2)}${v.toString(16)}` as Hex,
  });
  expect(recovered.toLowerCase()).toBe(payer);
  expect(at(signed, 0).message).toMatchObject({ owner: payer, spender: ESCROW, value: "5", nonce: "4" });
});
