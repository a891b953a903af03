import { type Address, AppError, at } from "@sooth/kernel";
import { decodeFunctionData, encodeFunctionResult, getAddress, type Hex, parseAbi, size, slice } from "viem";
import { describe, expect, test } from "vitest";
import { compensations, wavesOf } from "../graph.ts";
import { bundle, type Terms } from "./build.ts";

const NOW = 1_800_000_000;
const address = (byte: string): Address => `0x${byte.repeat(20)}`;
const abi = parseAbi([
  "function swap(uint256 amount, address to) returns (uint96 out, (bool ok, uint256[2] spent) detail, bytes extra, address pool)",
  "function mint((address to, uint256 amount, uint256[2] spent) order, string memo, uint256 least) payable returns (uint256 id)",
  "function burn(uint256 id)",
  "function twice(uint256 a)",
  "function twice(int256 a)",
  "function signed(int256 a) returns (int256)",
]);
const terms: Terms = {
  hub: { chainId: 1, hub: address("aa") },
  owner: address("bb"),
  mode: "ordered",
  deadline: NOW + 600,
  fee: 5n,
  salt: 1n,
  secret: `0x${"cc".repeat(32)}`,
};
const on = (chainId: number) => ({ chainId, target: address("dd"), abi, gasLimit: 100_000 });
const swapCall = { ...on(10), functionName: "swap", args: [7n, address("ee")] } as const;
const codeOf = (act: () => unknown) => {
  try {
    act();
    return "fits";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};

/** What a settler does: bytes of what was returned, put into the calldata. */
function spliced(
  data: Hex,
  returned: Hex,
  splices: readonly { source: number; length: number; target: number }[],
): Hex {
  return splices.reduce((bytes, { source, length, target }) => {
    const piece = slice(returned, source, source + length).slice(2);
    const [start, end] = [2 + 2 * target, 2 + 2 * (target + length)];
    return `0x${bytes.slice(2, start)}${piece}${bytes.slice(end)}` as Hex;
  }, data);
}

test("what a leg returned stands where the next one wants it, structs and lists included", () => {
  const builder = bundle(terms);
  const swap = builder.leg(swapCall);
  builder.leg({
    ...on(8_453),
    functionName: "mint",
    args: [{ to: swap.result(3), amount: swap.result(0), spent: [1n, 2n] }, "thanks", swap.result(0)],
    when: [swap.result(0).atLeast(5n), swap.result(3).equals(address("ee"))],
  });
  const { legs, hashes, id } = builder.build(NOW);
  const leg = at(legs, 1);
  const returned = encodeFunctionResult({
    abi,
    functionName: "swap",
    result: [99n, { ok: true, spent: [3n, 4n] }, "0x1234", address("ab")],
  });
  expect(decodeFunctionData({ abi, data: spliced(leg.data, returned, leg.splices) }).args).toEqual([
    { to: getAddress(address("ab")), amount: 99n, spent: [1n, 2n] },
    "thanks",
    99n,
  ]);
  expect(leg.needsOk).toEqual([0]);
  expect(leg.conditions).toEqual([
    { from: 0, source: 0, comparison: "at_least", value: 5n },
    { from: 0, source: 160, comparison: "equal", value: BigInt(address("ee")) },
  ]);
  expect(new Set([...hashes, ...legs.map(({ salt }) => salt)]).size).toBe(4);
  expect(size(id)).toBe(32);
  // The same legs under another secret are other legs.
  const other = bundle({ ...terms, secret: `0x${"dd".repeat(32)}` });
  other.leg(swapCall);
  expect(at(other.build(NOW).hashes, 0)).not.toBe(at(hashes, 0));
});

describe("what cannot be handed on is refused by its reason", () => {
  const swap = bundle(terms).leg(swapCall);
  const next = () => {
    const builder = bundle(terms);
    builder.leg(swapCall);
    return builder;
  };
  const mint = (args: unknown) => () => next().leg({ ...on(1), functionName: "mint", args: args as never });
  const order = { to: address("ee"), amount: 1n, spent: [1n, 2n] };
  test.each<[string, () => unknown, string]>([
    ["a dynamic result", () => swap.result(2), "bundles.dynamic_result"],
    ["no such result", () => swap.result(4), "bundles.no_such_result"],
    ["a result for a string", mint([order, swap.result(0), 1n]), "bundles.result_in_dynamic"],
    ["an address for a number", mint([order, "", swap.result(3)]), "bundles.result_of_other_type"],
    [
      "a wide number for a narrow one",
      () => next().leg({ ...on(1), functionName: "signed", args: [swap.result(0)] as never }),
      "bundles.result_of_other_type",
    ],
    ["a narrow number for a wide one", mint([order, "", swap.result(0)]), "fits"],
    ["a struct held against a value", () => swap.result(1).equals(1n as never), "bundles.bad_demand"],
    ["an address of at least", () => swap.result(3).atLeast(1n as never), "bundles.bad_demand"],
    [
      "a method of two shapes",
      () => next().leg({ ...on(1), functionName: "twice", args: [1n] }),
      "bundles.unknown_method",
    ],
    ["too few arguments", mint([order]), "bundles.unknown_method"],
  ])("%s", (_, act, code) => expect(codeOf(act)).toBe(code));
});

test("compensations stand in reverse order, and wait for what stands on their leg", () => {
  const builder = bundle(terms);
  const a = builder.leg(swapCall);
  const b = builder.leg({ ...on(20), functionName: "burn", args: [a.result(0)] });
  const c = builder.leg({ ...on(30), functionName: "burn", args: [1n], after: [b] });
  const apart = builder.leg(swapCall);
  builder.undo(a, { ...on(10), functionName: "burn", args: [a.result(0)] });
  builder.undo(apart, { ...on(10), functionName: "burn", args: [2n] });
  builder.undo(c, { ...on(30), functionName: "burn", args: [3n] });
  const { legs } = builder.build(NOW);
  expect(compensations(legs).map((place) => at(legs, place).undoes)).toEqual([3, 2, 0]);
  // The one of `a` waits for the one of `c`, and for `b`, which nothing undoes; not for `apart`.
  expect(legs.slice(4).map(({ needsSettled }) => needsSettled)).toEqual([[], [], [1, 5]]);
  expect(at(legs, 6).needsOk).toEqual([0]);
  expect(wavesOf(legs)).toEqual([[0, 3], [1, 4], [2], [5], [6]]);
  expect(codeOf(() => builder.undo(a, { ...on(10), functionName: "burn", args: [1n] }))).toBe(
    "bundles.undone_twice",
  );
});

test("escrows, participants and value", () => {
  const escrowed = bundle({ ...terms, mode: "escrowed" });
  escrowed.escrow({ chainId: 10, token: address("01"), amount: 5n, from: address("02"), to: address("03") });
  escrowed.participant({ chainId: 20, target: address("04"), data: "0x1234", gasLimit: 1 });
  expect(escrowed.build(NOW).legs.map(({ kind }) => kind)).toEqual(["escrow", "participant"]);
  const ordered = bundle(terms);
  const swap = ordered.leg(swapCall);
  ordered.value({
    chainId: 20,
    to: address("05"),
    value: 9n,
    gasLimit: 30_000,
    when: [swap.result(0).atMost(10n)],
  });
  expect(at(ordered.build(NOW).legs, 1)).toMatchObject({
    kind: "value",
    value: 9n,
    needsOk: [0],
    data: "0x",
  });
  ordered.escrow({ chainId: 10, token: address("01"), amount: 5n, from: address("02"), to: address("03") });
  expect(codeOf(() => ordered.build(NOW))).toBe("bundles.held_in_ordered");
});

test("an allowance comes from the owner's account, whatever was asked", () => {
  const allowing = parseAbi(["function approve(address spender, uint256 amount) returns (bool)"]);
  const builder = bundle(terms);
  builder.leg({
    ...on(1),
    abi: allowing,
    functionName: "approve",
    args: [address("ee"), 1n],
    fromAccount: false,
  });
  expect(builder.build(NOW).legs.map(({ kind }) => kind)).toEqual(["account"]);
});
