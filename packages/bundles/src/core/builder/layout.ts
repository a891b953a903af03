import { need } from "@sooth/kernel";
import type { AbiParameter } from "viem";

/**
 * Where a value stands in what the ABI encodes. Only static types have a place of their own: a dynamic one is wherever an
 * offset points to, and results are put into calldata byte for byte.
 */
const WORD = 32;

export type Components = readonly AbiParameter[];

export const componentsOf = (parameter: AbiParameter): Components =>
  "components" in parameter ? parameter.components : [];

/** `uint8[3]` of a name: its element and its length; null length for a list of any length, null for no list. */
export function listOf(parameter: AbiParameter): { element: AbiParameter; length: number | null } | null {
  const found = /^(?<inner>.*)\[(?<length>\d*)\]$/.exec(parameter.type)?.groups;
  if (!found) return null;
  const element = { ...parameter, type: need(found.inner, "element") } as AbiParameter;
  return { element, length: found.length === "" ? null : Number(found.length) };
}

/** Bytes that a static type takes, or null for a dynamic one. */
export function bytesOf(parameter: AbiParameter): number | null {
  const list = listOf(parameter);
  if (list) {
    const one = bytesOf(list.element);
    return list.length === null || one === null ? null : list.length * one;
  }
  if (parameter.type === "string" || parameter.type === "bytes") return null;
  if (parameter.type !== "tuple") return WORD;
  return componentsOf(parameter).reduce<number | null>((all, one) => {
    const its = bytesOf(one);
    return all === null || its === null ? null : all + its;
  }, 0);
}

/** The byte at which each of `parameters` begins; a dynamic one leaves its offset there. */
export function offsetsOf(parameters: Components): number[] {
  let next = 0;
  return parameters.map((parameter) => {
    const here = next;
    next += bytesOf(parameter) ?? WORD;
    return here;
  });
}

/** The value whose encoding is zeros: what stands where a result will be put. */
export function zeroOf(parameter: AbiParameter): unknown {
  const list = listOf(parameter);
  if (list) return Array.from({ length: list.length ?? 0 }, () => zeroOf(list.element));
  const { type } = parameter;
  if (type === "tuple") {
    const parts = componentsOf(parameter);
    if (parts.some(({ name }) => !name)) return parts.map(zeroOf);
    return Object.fromEntries(parts.map((one) => [need(one.name, "name"), zeroOf(one)]));
  }
  if (type === "bool") return false;
  if (type === "address") return `0x${"00".repeat(20)}`;
  if (type === "string") return "";
  if (type === "bytes") return "0x";
  const fixed = /^bytes(\d+)$/.exec(type)?.[1];
  if (fixed !== undefined) return `0x${"00".repeat(Number(fixed))}`;
  // viem takes numbers up to 48 bits and bigints above them.
  return Number(/^u?int(\d*)$/.exec(type)?.[1] || 256) > 48 ? 0n : 0;
}

/** Whether every value of type `from` is, byte for byte, one of type `to`. */
export function fits(from: AbiParameter, to: AbiParameter): boolean {
  if (from.type === to.type)
    return (
      componentsOf(from).length === componentsOf(to).length &&
      componentsOf(from).every((one, index) => fits(one, need(componentsOf(to)[index], "component")))
    );
  const [a, b] = [from.type, to.type].map((type) => /^(u?int)(\d+)$/.exec(type));
  return a?.[1] !== undefined && a[1] === b?.[1] && Number(a[2]) <= Number(b[2]);
}
