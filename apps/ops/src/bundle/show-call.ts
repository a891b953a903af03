import {
  accountAbi,
  bundleHubAbi,
  escrowAbi,
  hashLocksAbi,
  ordersAbi,
  outcomeTokensAbi,
  settlerAbi,
  slasherAbi,
  testDollarAbi,
} from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  decodeFunctionData,
  getAbiItem,
  size,
  toFunctionSelector,
} from "viem";
import type { Call } from "./send.ts";
import { ofLeg, weiText } from "./words.ts";

/** Arguments longer than this are told by their length: `--json` has them whole. */
const SHOWN_BYTES = 36;
const CALL_BY_ACCOUNT = toFunctionSelector(getAbiItem({ abi: accountAbi, name: "call" }));

/** A call as one can check it before it is sent: whose contract, which function, with what. */
export function callLines(calls: readonly Call[], addresses: Addresses): string[] {
  return calls.flatMap((call) => {
    const { what, leg, chainId, to, value } = call;
    const { name, functionName, args } = decoded(call, addresses);
    return [
      `would send ${what}${ofLeg(leg)} on chain ${chainId}: ${name}.${functionName}, ${weiText(value)}`,
      `  to ${to}`,
      ...args.map((arg) => `  ${arg}`),
    ];
  });
}

function decoded(
  { to, data }: Call,
  { bundleHub, settler, escrow, hashLocks, orders, slasher, outcomeTokens }: Addresses,
): { name: string; functionName: string; args: string[] } {
  const known: readonly [string, string, Abi][] = [
    ["BundleHub", bundleHub, bundleHubAbi],
    ["Settler", settler, settlerAbi],
    ["Escrow", escrow, escrowAbi],
    ["HashLocks", hashLocks, hashLocksAbi],
    ["Orders", orders, ordersAbi],
    ["Slasher", slasher, slasherAbi],
    ["OutcomeTokens", outcomeTokens, outcomeTokensAbi],
  ];
  // An owner's account stands at an address of its own; its one function is no token's.
  const [name, , abi] =
    known.find(([, address]) => sameAddress(address, to)) ??
    (data.startsWith(CALL_BY_ACCOUNT)
      ? ["Account", to, accountAbi as Abi]
      : ["token", to, testDollarAbi as Abi]);
  const call = decodeFunctionData({ abi, data: data as Hex });
  const item = getAbiItem({ abi, name: call.functionName, args: call.args } as never) as AbiFunction;
  const args = item.inputs.map(
    (input, index) =>
      `${input.name ?? `argument ${index + 1}`}: ${valueText((call.args ?? [])[index], input)}`,
  );
  return { name, functionName: call.functionName, args };
}

function valueText(value: unknown, type: AbiParameter): string {
  if (Array.isArray(value)) {
    const element = { ...type, type: type.type.replace(/\[\d*\]$/, "") } as AbiParameter;
    return `[${value.map((one) => valueText(one, element)).join(", ")}]`;
  }
  if ("components" in type && value !== null && typeof value === "object") {
    const fields = value as Record<string, unknown>;
    const named = type.components.map((one) => `${one.name}: ${valueText(fields[one.name ?? ""], one)}`);
    return `{ ${named.join(", ")} }`;
  }
  const text = String(value);
  if (!text.startsWith("0x") || size(text as Hex) <= SHOWN_BYTES) return text;
  return `${text.slice(0, 10)}… (${size(text as Hex)} bytes)`;
}
