import {
  type AbiFunction,
  type Address,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
  parseAbiItem,
} from "viem";
import { z } from "zod";
import type { Decimal } from "../decimals.ts";
import { wireAddress } from "../wire-words.ts";
import { named, type SourceType } from "./source-type.ts";

const chainId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/**
 * A number that a contract of some chain tells: by a call without a transaction, in the state after the last block
 * at or before `observeAt`.
 */
export const chainSource = z.object({
  type: z.literal("chain"),
  ...named,
  chainId,
  address: wireAddress,
  /** A line of ABI as people write it: `function balanceOf(address) view returns (uint256)`. */
  function: z.string().min(1).max(300),
  /** One text for each parameter: decimal integers, `true`, `0x…` for addresses and bytes. */
  args: z.array(z.string().max(200)).max(8).default([]),
  /** Which of the returned values, from 0. */
  result: z.number().int().min(0).max(15).default(0),
  /** Fixed point of that value: 18 for most tokens' amounts. */
  decimals: z.number().int().min(0).max(36).default(0),
});
export type ChainSource = z.infer<typeof chainSource>;

const INTEGER = /^u?int\d*$/;
const ELEMENTARY = /^(u?int\d*|address|bool|bytes\d{0,2}|string)$/;
/** A value in the head of what a call returns takes one word, and lists of fixed length take more: those are refused. */
const WORD = 32;

export const chainType: SourceType<ChainSource> = {
  complaint: (source) => {
    const item = functionOf(source);
    if (typeof item === "string") return `source ${source.name}: ${item}`;
    try {
      dataOf(item, source.args);
      return null;
    } catch (error) {
      // viem's and BigInt's own words name the argument; anything else would be a fault of this program.
      if (error instanceof Error)
        return `source ${source.name}: its arguments do not fit ${item.name}: ${firstLine(error)}`;
      throw error;
    }
  },
  where: (source) =>
    `eip155:${source.chainId}/${source.address}/${source.function}(${source.args.join(",")})`,
  // The state after a block is what it is.
  isFixed: () => true,
  forItem: (source, fill) => ({ ...source, args: source.args.map((arg) => fill(arg, "text")) }),
};

/** The call's data. Only for a source without complaint. */
export function callDataOf(source: Pick<ChainSource, "function" | "args" | "result">): Hex {
  const item = functionOf(source);
  if (typeof item === "string") throw new TypeError(item);
  return dataOf(item, source.args);
}

/** The number in what the call returned, or null when there is none: nothing stands at that address, or another contract. */
export function chainNumberOf(source: Pick<ChainSource, "result" | "decimals" | "function">, returned: Hex) {
  const word = wordAt(returned, source.result);
  const item = functionOf(source);
  if (word === null || typeof item === "string") return null;
  const type = item.outputs[source.result]?.type ?? "";
  const digits = type.startsWith("int") ? BigInt.asIntN(256, word) : word;
  return { digits, scale: source.decimals } satisfies Decimal;
}

/** Word `index` of what a call returned; null when it returned less. */
export function wordAt(returned: Hex, index: number): bigint | null {
  const start = 2 + index * WORD * 2;
  const word = returned.slice(start, start + WORD * 2);
  return word.length === WORD * 2 ? hexToBigInt(`0x${word}`) : null;
}

function functionOf(source: Pick<ChainSource, "function" | "result">): AbiFunction | string {
  let item;
  try {
    item = parseAbiItem(source.function as never) as { type: string };
  } catch (error) {
    if (error instanceof Error) return `its function cannot be read: ${firstLine(error)}`;
    throw error;
  }
  if (item.type !== "function") return "it names no function";
  const found = item as AbiFunction;
  if (found.stateMutability !== "view" && found.stateMutability !== "pure")
    return "its function is not a view";
  if (!found.inputs.every(({ type }) => ELEMENTARY.test(type))) return "its function takes lists or structs";
  const before = found.outputs.slice(0, source.result);
  // Lists and structs of fixed size would move the words behind them.
  if (!before.every(({ type }) => ELEMENTARY.test(type))) return "a list or struct stands before its result";
  const type = found.outputs[source.result]?.type ?? "nothing";
  if (!INTEGER.test(type) && type !== "bool") return `its result ${source.result} is ${type}, not a number`;
  return found;
}

function dataOf(item: AbiFunction, args: readonly string[]): Hex {
  if (args.length !== item.inputs.length)
    throw new RangeError(`it takes ${item.inputs.length} arguments, not ${args.length}`);
  const values = item.inputs.map(({ type }, index) => valueOf(type, args[index] ?? ""));
  return encodeFunctionData({ abi: [item], functionName: item.name, args: values });
}

function valueOf(type: string, text: string): unknown {
  if (INTEGER.test(type)) {
    if (!/^-?\d{1,78}$/.test(text)) throw new RangeError(`"${text}" is no whole number`);
    return BigInt(text);
  }
  if (type === "bool") {
    if (text !== "true" && text !== "false") throw new RangeError(`"${text}" is neither true nor false`);
    return text === "true";
  }
  // A mixed case that is no checksum is still an address: lower case says so.
  if (type === "address") return text.toLowerCase() as Address;
  return text;
}

const firstLine = (error: Error): string => (error.message.split("\n")[0] ?? "").slice(0, 200);
