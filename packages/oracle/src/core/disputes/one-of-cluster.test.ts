import { expect, test } from "vitest";
import { oneOfCluster } from "./one-of-cluster.ts";

const juror = (cluster: number, weight = 1n) => ({ cluster, weight });

test.each([
  ["nobody stands together", [juror(0), juror(0)], 0n, 0n],
  ["the first of equals stays", [juror(5), juror(5), juror(5)], 0n, 0b110n],
  // As in LadderJury.t.sol.
  ["the heaviest stays, wherever he stands", [juror(5), juror(5, 3n), juror(5, 2n)], 0n, 0b101n],
  ["a party keeps no place for its cluster", [juror(5, 9n), juror(5), juror(5)], 0b001n, 0b101n],
  ["two clusters have one each", [juror(5), juror(6), juror(6, 2n), juror(5)], 0n, 0b1010n],
])("%s", (_, jurors, parties, excluded) => {
  expect(oneOfCluster(jurors, parties)).toBe(excluded);
});
