import type { Hex } from "@sooth/kernel";
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeFunctionData,
  getAbiItem,
  toFunctionSelector,
} from "viem";

/**
 * The arguments of every call of this function that a transaction's input holds, also inside of another contract's call.
 * Bytes that only look like one decode to nonsense, which no check then accepts.
 */
export function callsIn<const A extends Abi, F extends ContractFunctionName<A>>(
  input: Hex | undefined,
  abi: A,
  functionName: F,
): ContractFunctionArgs<
  A,
  "nonpayable" | "payable",
  F & ContractFunctionName<A, "nonpayable" | "payable">
>[] {
  if (input === undefined) return [];
  const item = getAbiItem({ abi: abi as Abi, name: functionName as string });
  if (item?.type !== "function") return [];
  const text = input.slice(2).toLowerCase();
  const selector = toFunctionSelector(item).slice(2);
  const found: unknown[] = [];
  for (let at = text.indexOf(selector); at !== -1; at = text.indexOf(selector, at + 1)) {
    if (at % 2 === 1) continue;
    try {
      const { args } = decodeFunctionData({ abi: [item], data: `0x${text.slice(at)}` });
      found.push(args);
    } catch {
      // Bytes of something else that happen to read like the selector.
      continue;
    }
  }
  return found as ReturnType<typeof callsIn<A, F>>;
}
