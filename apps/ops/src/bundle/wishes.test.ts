import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { planOf } from "@sooth/bundles/simulator";
import { afterAll, expect, test } from "vitest";
import { wishesOf } from "./wishes.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wishes-"));
afterAll(() => rmSync(folder, { recursive: true }));
const legs = path.join(folder, "legs.json");
const target = `0x${"11".repeat(20)}`;
writeFileSync(
  legs,
  JSON.stringify({
    mode: "ordered",
    seconds: 300,
    legs: [
      { chainId: 31_338, target },
      { chainId: 31_339, target, needsOk: [0] },
    ],
  }),
);
const usual = { seed: 1, hub: 31_337 };

test("numbers, words and faults are read as they are typed", async () => {
  const told = { ...usual, chains: 3, blockSeconds: "12, 1", finality: "finalized,4", faults: "halt 20 5-9" };
  expect(await wishesOf(told)).toEqual({
    chains: 3,
    blockSeconds: [12, 1],
    waits: ["finalized", 4],
    faults: [{ kind: "halt", chain: 1, from: 5, to: 9 }],
  });
  expect(await wishesOf({ ...usual, faults: "none", lanes: "none" })).toEqual({ faults: [], limits: [] });
  const { limits } = await wishesOf({ ...usual, chains: 3, lanes: "20>30 500, 10 2000 @60" });
  expect(limits).toEqual([
    { chainId: 20, other: 30, most: 500n, token: null, from: 0 },
    { chainId: 10, other: null, most: 2_000n, token: null, from: 60 },
  ]);
});

test("a file of legs is the same bundle each time, on its own chains and the hub's", async () => {
  const [one, other] = await Promise.all([wishesOf({ ...usual, legs }), wishesOf({ ...usual, legs })]);
  expect(one).toEqual(other);
  const { chains, bundles } = planOf(1, false, one);
  expect(chains.map(({ chainId }) => chainId)).toEqual([31_337, 31_338, 31_339]);
  expect(bundles).toHaveLength(1);
  expect(bundles[0]?.known.legs.map(({ chainId }) => chainId)).toEqual([31_338, 31_339]);
});

test.each([
  [{ blockSeconds: "0" }, "--block-seconds"],
  [{ blockSeconds: "1,,2" }, "--block-seconds"],
  [{ finality: "soon" }, "--finality"],
  [{ faults: "halt 10 1-2" }, "--faults"],
  [{ faults: "halt 99 1-2", chains: 2 }, "no chain 99"],
  [{ lanes: "10 500" }, "--lanes"],
  [{ lanes: "10>40 500", chains: 2 }, "no chain 40"],
  [{ legs, chains: 2 }, "names its chains"],
])("%j is refused by its name", async (told, why) => {
  await expect(wishesOf({ ...usual, ...told })).rejects.toMatchObject({
    code: "ops.bad_argument",
    message: expect.stringContaining(why) as string,
  });
});
