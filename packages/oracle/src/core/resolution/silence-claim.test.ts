import { expect, test } from "vitest";
import { claimFrom, silenceClaim } from "./silence-claim.ts";

const terms = { aggregation: "plurality" as "plurality" | "median", min: 0n, max: 1n, secures: 0n };
const stake = { deposit: 250_000_000n, most: 300_000_000n, unit: 1_000_000n };
const says = (...values: bigint[]) => values.map((value) => ({ value, weight: 100n }));

test("the first half of the time to object is left to others", () => {
  expect(claimFrom({ opensAt: 1_000, deadline: 1_100 }, { notBefore: 1_000 })).toBe(1_088);
});

test("the value that most of the weight which reported stands for is claimed", () => {
  expect(silenceClaim(terms, says(1n, 1n), 400n, stake)).toEqual({
    do: "claim",
    value: 1n,
    reason:
      "2 reports with 50.0% of the weight stand behind what is claimed against the silence, with a deposit of 250: providers report anew, or a jury decides",
  });
  const wide = { ...terms, aggregation: "median" as const, max: 1_000n };
  expect(silenceClaim(wide, says(7n, 900n, 8n), 600n, stake)).toMatchObject({ do: "claim", value: 8n });
});

test.each<[string, Parameters<typeof silenceClaim>, string]>([
  ["it stakes nothing", [terms, says(1n, 1n), 400n, { ...stake, most: 0n }], "puts nothing down"],
  [
    "it takes too much",
    [terms, says(1n, 1n), 400n, { ...stake, most: 1n }],
    "the deposit is 250, and this server puts down 0 at most",
  ],
  ["nobody reported", [terms, [], 400n, stake], "there is nothing to claim"],
  ["they say that it is invalid", [terms, says(-(1n << 95n) + 1n), 400n, stake], "there is nothing to claim"],
  ["one liar could be all of it", [terms, says(1n), 400n, stake], "25.0% of the weight is too little"],
  ["they contradict each other", [terms, says(1n, 1n, 0n, 0n), 500n, stake], "say different things"],
  [
    "no re-report would be taken",
    [{ ...terms, secures: 134n }, says(1n, 1n), 400n, stake],
    "secures more than",
  ],
])("nothing is claimed when %s", (_, given, why) => {
  expect(silenceClaim(...given)).toEqual({ do: "give_up", reason: expect.stringContaining(why) });
});
