import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { expect, test } from "vitest";
import { OracleError, StakeManagerError } from "./errors.ts";

const snake = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
const errorsOf = (abi: typeof oracleAbi | typeof stakeManagerAbi) =>
  abi.flatMap((item) => (item.type === "error" ? [item.name] : []));
const paired = (names: readonly string[], contract: string) =>
  names
    .filter((name) => name.startsWith(`${contract}_`))
    .map((name) => snake(name.slice(contract.length + 1)));

test("every error of Oracle.sol has a row", () => {
  const wanted = paired(errorsOf(oracleAbi), "Oracle");
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => !(name in OracleError.rows))).toEqual([]);
});

test("every error of StakeManager.sol has a row, and every row an error", () => {
  const wanted = paired(errorsOf(stakeManagerAbi), "StakeManager");
  expect(Object.keys(StakeManagerError.rows).toSorted()).toEqual(wanted.toSorted());
});

test("an error says what it speaks of", () => {
  const error = OracleError.stale_epoch({ signed: 2, current: 3 });
  expect([error.code, error.status, error.message]).toEqual([
    "oracle.stale_epoch",
    409,
    "signed for epoch 2, the current is 3",
  ]);
});
