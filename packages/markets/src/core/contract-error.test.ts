import { marketsAbi, opinionsAbi } from "@sooth/abi";
import { encodeErrorResult } from "viem";
import { expect, test } from "vitest";
import { errorName, fromContractError, fromRevertData } from "./contract-error.ts";
import { MarketsError } from "./errors.ts";
import { OpinionsError } from "./opinions/errors.ts";

const solidity = marketsAbi.filter((item) => item.type === "error");
const ofOpinions = opinionsAbi
  .filter((item) => item.type === "error")
  .filter(({ name }) => name.startsWith("Opinions_"));
const EXAMPLES: Record<string, unknown> = {
  bytes32: `0x${"aa".repeat(32)}`,
  address: `0x${"00".repeat(19)}42`,
  uint8: 3,
  uint40: 1_700_000_000,
  uint48: 5,
  uint72: 12n,
  uint256: 13n,
  string: "closesAt",
};
// Of the libraries that the contract is built with; they cannot be met from outside.
const INSIDE = /^(Markets_|Transfer)/;

test("the contract has errors to pair", () => expect(solidity.length).toBeGreaterThan(14));

test.each(solidity.filter(({ name }) => INSIDE.test(name)).map((item) => [item.name, item] as const))(
  "%s has its row, and the sentence speaks of its values",
  (name, item) => {
    const args = item.inputs.map(({ type }) => EXAMPLES[type]);
    const error = fromRevertData(encodeErrorResult({ abi: [item], errorName: name, args } as never));
    expect(error?.code).toBe(`markets.${errorName(name)}`);
    expect(error?.data).toEqual(
      Object.fromEntries(item.inputs.map((input, index) => [input.name, args[index]])),
    );
    expect(error?.message).not.toContain("undefined");
  },
);

test("every row of the first group has a Solidity error", () => {
  const names = new Set(solidity.map(({ name }) => errorName(name)));
  const rows = Object.keys(MarketsError.rows);
  const paired = rows.slice(0, rows.indexOf("unknown_question"));
  expect(paired.filter((row) => !names.has(row))).toEqual([]);
});

test.each(ofOpinions.map((item) => [item.name, item] as const))(
  "%s has its row, and the sentence speaks of its values",
  (name, item) => {
    const args = item.inputs.map(({ type }) => EXAMPLES[type]);
    const error = fromRevertData(encodeErrorResult({ abi: [item], errorName: name, args } as never));
    expect(error?.code).toBe(`opinions.${errorName(name)}`);
    expect(error?.data).toEqual(
      Object.fromEntries(item.inputs.map((input, index) => [input.name, args[index]])),
    );
    expect(error?.message).not.toContain("undefined");
  },
);

test("every row of the first group of opinions has a Solidity error", () => {
  expect(ofOpinions.length).toBeGreaterThan(20);
  const names = new Set(ofOpinions.map((item) => errorName(item.name)));
  const rows = Object.keys(OpinionsError.rows);
  expect(rows.slice(0, rows.indexOf("unknown")).filter((row) => !names.has(row))).toEqual([]);
});

test("what is no revert of Markets is not taken for one", () => {
  expect(fromRevertData("0x")).toBeNull();
  expect(fromRevertData("0x12345678")).toBeNull();
  expect(fromContractError(new Error("socket hang up"))).toBeNull();
});
