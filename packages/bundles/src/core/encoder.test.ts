import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { type Abi, type AbiParameter, encodeAbiParameters, encodeFunctionData } from "viem";
import { expect, test } from "vitest";
import { BATCH } from "./calls/evidence.ts";
import { COMPENSATIONS } from "./calls/hub.ts";
import { callEncoder, valuesEncoder } from "./encoder.ts";
import { chance } from "./simulator/random.ts";

const CASES = 60;
type Random = (below: number) => number;
type Typed = AbiParameter & { readonly components?: readonly AbiParameter[] };

const digits = (random: Random, count: number): Hex =>
  `0x${Array.from({ length: count }, () => random(16).toString(16)).join("")}`;

/** Any value of a type: often none, all or around a word, where encoding changes. */
function anyOf(random: Random, type: Typed): unknown {
  const list = /^(.*)\[(\d*)\]$/.exec(type.type);
  if (list) {
    const length = list[2] ? Number(list[2]) : random(5);
    return Array.from({ length }, () => anyOf(random, { ...type, type: list[1] ?? "" }));
  }
  if (type.type === "tuple")
    return Object.fromEntries((type.components ?? []).map((one) => [one.name ?? "", anyOf(random, one)]));
  if (type.type.startsWith("uint")) {
    const bits = Number(type.type.slice(4));
    const all = (1n << BigInt(bits)) - 1n;
    const value = [0n, 1n, all, BigInt(digits(random, 64)) & all][random(4)] ?? 0n;
    return bits <= 48 ? Number(value) : value;
  }
  if (type.type === "bool") return random(2) === 1;
  if (type.type === "address") return digits(random, 40);
  if (type.type === "bytes32") return digits(random, 64);
  return digits(random, 2 * ([0, 1, 31, 32, 33, 64, 200][random(7)] ?? 0));
}

test.each([
  ...["run", "cancel"].map((name) => [name, settlerAbi as Abi] as const),
  ...["finish", "prepare", "takeBack"].map((name) => [name, escrowAbi as Abi] as const),
  ...[
    "commitPrepared",
    "commitCompleted",
    "abortFailed",
    "expire",
    "expireUnopened",
    "settle",
    "openMany",
  ].map((name) => [name, bundleHubAbi as Abi] as const),
])("a call of %s is written as viem writes it", (name, abi) => {
  const random = chance(1, name).below;
  const inputs = abi.flatMap((item) => (item.type === "function" && item.name === name ? [item.inputs] : []));
  const encode = callEncoder(abi, name);
  for (let i = 0; i < CASES; i++) {
    const args = inputs[0]?.map((each) => anyOf(random, each)) ?? [];
    expect(encode(args)).toBe(encodeFunctionData({ abi, functionName: name, args }));
  }
});

test.each<[string, readonly AbiParameter[]]>([
  ["evidence", BATCH],
  ["compensations", COMPENSATIONS],
  [
    "lists of lists, of a length and of any",
    [{ type: "bytes[2][]" }, { type: "uint8[][3]" }, { type: "bool[2][2]" }],
  ],
  ["lists of no length", [{ type: "bytes[0]" }, { type: "uint8[0]" }, { type: "tuple[]", components: [] }]],
])("%s are written as viem writes them", (what, types) => {
  const random = chance(2, what).below;
  for (let i = 0; i < CASES; i++) {
    const values = types.map((each) => anyOf(random, each));
    expect(valuesEncoder(types)(values as never)).toBe(encodeAbiParameters(types, values as never));
  }
});

test.each<[AbiParameter, unknown]>([
  [{ type: "uint8" }, 256],
  [{ type: "uint8" }, -1],
  [{ type: "uint8" }, 1.5],
  [{ type: "uint96" }, 1n << 96n],
  [{ type: "uint256" }, undefined],
  [{ type: "address" }, "0xab"],
  [{ type: "bytes32" }, "0xab"],
  [{ type: "bytes" }, "0xa"],
  [{ type: "bytes" }, "0xzz"],
  [{ type: "bytes" }, "abcd"],
  [{ type: "bool" }, 1],
  [{ type: "uint8[2]" }, [1]],
  [{ type: "uint8[]" }, "12"],
  [{ type: "tuple", components: [{ type: "uint8", name: "a" }] } as AbiParameter, {}],
])("of type %o nothing else is written: %o", (type, value) => {
  expect(() => valuesEncoder([type])([value] as never)).toThrow(Error);
});

test("a type that nothing here writes is refused before any value comes, and so are too few values", () => {
  expect(() => valuesEncoder([{ type: "int8" }])).toThrow("int8");
  expect(() => valuesEncoder([{ type: "bytes4" }])).toThrow("bytes4");
  expect(() => valuesEncoder([{ type: "uint8" }])([] as never)).toThrow("length");
  expect(() => callEncoder(settlerAbi as Abi, "nothing")).toThrow("nothing");
});
