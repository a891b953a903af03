import { t } from "@lingui/core/macro";
import { type AbiFunction, type AbiParameter, isAddress, parseAbiItem } from "viem";

/** What was typed is no such function, or no such value; `message` says so to whoever typed it. */
export class NotReadable extends Error {}

/** `mint(address to, uint256 amount) returns (uint256 id)`, with `function` before it or without. */
export function functionOf(text: string): AbiFunction {
  const typed = text.trim().replace(/;$/, "");
  if (typed === "") throw new NotReadable(t`Write the function, as in: mint(address to, uint256 amount).`);
  try {
    const item = parseAbiItem(typed.startsWith("function ") ? typed : (`function ${typed}` as string)) as {
      type: string;
    };
    if (item.type === "function") return item as AbiFunction;
  } catch {
    // Said below in words for people; the parser's are for programs.
  }
  throw new NotReadable(
    t`This is no function as Solidity writes it, with types: mint(address to, uint256 amount) returns (uint256).`,
  );
}

/** A value as somebody types it. Lists and structs are JSON, with numbers in quotes where they are long. */
export function argumentOf(parameter: AbiParameter, text: string): unknown {
  const { type } = parameter;
  if (type === "string") return text;
  const typed = text.trim();
  const isPlain = !type.endsWith("]") && type !== "tuple";
  if (isPlain) return plainOf(type, typed);
  try {
    return partOf(parameter, JSON.parse(typed));
  } catch (error) {
    if (error instanceof NotReadable) throw error;
    throw new NotReadable(t`A ${type} is written as JSON, as in ["1", "2"].`);
  }
}

function partOf(parameter: AbiParameter, value: unknown): unknown {
  const list = /^(?<element>.*)\[(?<length>\d*)\]$/.exec(parameter.type)?.groups;
  if (list) {
    const wanted = list["length"] ?? "";
    if (!Array.isArray(value) || (wanted !== "" && value.length !== Number(wanted)))
      throw new NotReadable(
        `A ${parameter.type} is a list${wanted === "" ? "" : ` of ${wanted}`}, as in ["1", "2"].`,
      );
    return value.map((one: unknown) =>
      partOf({ ...parameter, type: list["element"] ?? "" } as AbiParameter, one),
    );
  }
  if (parameter.type === "tuple" && "components" in parameter) {
    if (typeof value !== "object" || value === null)
      throw new NotReadable('A struct is written as {"name": "value"}.');
    const parts = value as Record<string, unknown>;
    return Object.fromEntries(
      parameter.components.map((part) => [part.name ?? "", partOf(part, parts[part.name ?? ""])]),
    );
  }
  return parameter.type === "string" ? String(value) : plainOf(parameter.type, String(value));
}

function plainOf(type: string, typed: string): unknown {
  if (typed === "") throw new NotReadable(t`Fill this in.`);
  if (/^u?int\d*$/.test(type)) {
    if (!/^-?\d+$/.test(typed)) throw new NotReadable(t`A whole number, in the smallest unit.`);
    const value = BigInt(typed);
    const bits = BigInt(/\d+$/.exec(type)?.[0] ?? "256");
    const [least, most] = type.startsWith("u") ? [0n, 1n << bits] : [-(1n << (bits - 1n)), 1n << (bits - 1n)];
    if (value < least || value >= most) throw new NotReadable(t`This number does not fit into ${type}.`);
    return value;
  }
  if (type === "bool") {
    if (typed !== "true" && typed !== "false") throw new NotReadable(t`Write true or false.`);
    return typed === "true";
  }
  if (type === "address") return addressOf(typed);
  const bytes = /^bytes(?<size>\d*)$/.exec(type)?.groups;
  if (bytes) {
    const size = bytes["size"] ?? "";
    const isHex = /^0x([0-9a-fA-F]{2})*$/.test(typed);
    if (!isHex || (size !== "" && typed.length !== 2 + 2 * Number(size)))
      throw new NotReadable(`Bytes as hex${size === "" ? "" : `, ${size} of them`}: 0x….`);
    return typed.toLowerCase();
  }
  throw new NotReadable(t`A ${type} cannot be typed here.`);
}

/** Small letters are taken as they are; a checksum that is there has to be right. */
export function addressOf(text: string): `0x${string}` {
  const typed = text.trim();
  if (typed === "") throw new NotReadable(t`Fill this in.`);
  if (!isAddress(typed))
    throw new NotReadable(t`This is no address. Copy it again: a character is wrong or missing.`);
  return typed.toLowerCase() as `0x${string}`;
}
