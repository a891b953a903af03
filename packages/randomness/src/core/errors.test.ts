import { drandBeaconAbi } from "@sooth/abi";
import { expect, test } from "vitest";
import { RandomnessError } from "./errors.ts";

const snake = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();

test("every error of IRandomness.sol has a row", () => {
  const wanted = drandBeaconAbi
    .flatMap((item) => (item.type === "error" ? [item.name] : []))
    .filter((name) => name.startsWith("Randomness_"))
    .map((name) => snake(name.slice("Randomness_".length)));
  expect(wanted.toSorted()).toEqual(["bad_proof", "bad_round", "not_proved"]);
  expect(wanted.filter((name) => !(name in RandomnessError.rows))).toEqual([]);
});
