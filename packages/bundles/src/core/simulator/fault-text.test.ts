import { expect, test } from "vitest";
import { faultText, readFaults } from "./fault-text.ts";
import { planOf } from "./plan.ts";

const CHAINS = [10, 20];

test("every fault that is drawn reads back from its words", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { faults, chains } = planOf(seed, seed % 10 === 9);
    const ids = chains.map(({ chainId }) => chainId);
    const text = faults.map((fault) => faultText(fault, ids)).join(", ") || "none";
    expect(readFaults(text, ids)).toEqual({ faults });
  }
});

test.each([
  ["", /wants one of pause/],
  ["halt 20", /wants one of/],
  ["halt 30 1-2", /no chain 30, only 10, 20/],
  ["halt 20 9-3", /ends before it begins/],
  ["halt 20 3-3", /ends before it begins/],
  ["halt 20 1-900000", /nothing is later/],
  ["halt 20 1@2", /wants one of/],
  ["reorg 20 1-2", /wants one of/],
  ["reorg 20 0@2", /at least one block/],
  ["crash attester-5 1-2", /nobody is attester-5, only relayer-0/],
  ["crash 20 1-2", /nobody is 20/],
  ["pause 10 1-2, melt 10 1-2", /^"melt 10 1-2"/],
])("%j is no fault", (text, why) => {
  expect(readFaults(text, CHAINS)).toEqual({ wrong: expect.stringMatching(why) as string });
});
