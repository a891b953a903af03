import type { MessageDescriptor } from "@lingui/core";
import { type Abi, decodeFunctionData, type Hex } from "viem";

/** `contract`: what people call it, in the words of the page that shows it. */
export type KnownCall = {
  contract: MessageDescriptor;
  name: string;
  args: { name: string; value: string }[];
};

/** The call by these functions; undefined where it is none of them. */
export function readCall(contract: MessageDescriptor, abi: Abi, data: string): KnownCall | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data: data as Hex });
    const item = abi.find(
      (one) => one.type === "function" && one.name === functionName && one.inputs.length === args.length,
    );
    const inputs = item?.type === "function" ? item.inputs : [];
    return {
      contract,
      name: functionName,
      args: args.map((value, index) => ({
        name: inputs[index]?.name || `#${index + 1}`,
        value: textOf(value),
      })),
    };
  } catch {
    // Another selector, or bytes that are no arguments of it.
    return undefined;
  }
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part))
    : String(value);
