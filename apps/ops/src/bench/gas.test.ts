import { expect, test } from "vitest";
import { gas, readSnapshot } from "./gas.ts";
import { PEERS } from "./peers.ts";

test("every peer stands beside a figure that the contracts' tests still write", () => {
  const names = Object.keys(readSnapshot());
  expect(PEERS.map((row) => row.snapshot).filter((name) => !names.includes(name))).toEqual([]);
});

test("the best peer comes first and gives the row its name", async () => {
  for (const { peers } of PEERS)
    expect(peers.map((peer) => peer.gas)).toEqual(peers.map((peer) => peer.gas).toSorted((a, b) => a - b));
  const rows = await gas.run(() => {});
  expect(rows.map(({ name }) => name)).toContain("gas.ask_answer_final");
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});
