import type { Address, Amount } from "@sooth/kernel";
import { expect, test } from "vitest";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { leastObjection, roomOf, securedComplaint } from "./secured.ts";

const OPINIONS: Address = `0x${"a6".repeat(20)}`;
const OPENS = 1_800_000_000;
const DOLLAR = 1_000_000n;
const windows = { lowestWindow: 1_800, unit: DOLLAR };
const market = { mostStake: (500n * DOLLAR) as Amount };
const asked = (families = 1, over: object = {}) => ({
  domain: 0,
  secures: 5_000n * DOLLAR,
  liveness: 1_800,
  opensAt: OPENS,
  deadline: OPENS + 4 * 3_600,
  schema: readsOpinions(OPINIONS, OPENS, families > 1 ? { families } : {}),
  ...over,
});

test("a market may rest on what secures its largest stake, is answered in the usual domain and can be objected to long enough", () => {
  expect(securedComplaint(asked(), market, { windows })).toBeNull();
  expect(securedComplaint(asked(1, { secures: market.mostStake }), market, { windows })).toBeNull();
  expect(securedComplaint(asked(2, { liveness: 172_800 }), market, { windows })).toBeNull();
});

test.each<[string, object, number, string]>([
  ["what secures nothing", { secures: 0n }, 1, "secures 0, less than one may stake alone"],
  ["a unit less than the largest stake", { secures: 500n * DOLLAR - 1n }, 1, "less than one may stake alone"],
  ["a domain of the asker's choice", { domain: 7 }, 1, "whoever sits in domain 7"],
  ["a shorter window than the sum wants", { secures: 10_000n * DOLLAR }, 1, "7200 are wanted"],
  ["half of the window, which the oracle takes", { liveness: 900 }, 1, "1800 are wanted"],
  ["two families and the window of one", { liveness: 86_400 }, 2, "172800 are wanted"],
  [
    "two families and an hour to report",
    { liveness: 172_800, deadline: OPENS + 3_600 },
    2,
    "14400 are wanted",
  ],
])("%s is refused", (_, over, families, why) => {
  expect(securedComplaint(asked(families, over), market, { windows })).toContain(why);
});

const seating = (seated?: bigint) => securedComplaint(asked(), market, { windows, seated });

test("what more secures than all who sit could answer for is refused, where they are known", () => {
  expect([seating(), seating(15_000n * DOLLAR)]).toEqual([null, null]);
  expect(seating(15_000n * DOLLAR - 1n)).toContain("no answer would come");
});

test("without the oracle's times, sums and domain are looked at alone", () => {
  expect(securedComplaint(asked(1, { liveness: 1 }), market)).toBeNull();
  expect(securedComplaint(asked(1, { liveness: 1, domain: 1 }), market)).not.toBeNull();
});

const objection = (secures: bigint, families: number) =>
  leastObjection(secures * DOLLAR, families, windows) / 1_800;

test("more than one family of models has the longest time to object in, whatever is secured", () => {
  expect([0n, 9_999n, 10_000n, 100_000n, 10_000_000n].map((sum) => objection(sum, 1))).toEqual([
    1, 1, 4, 12, 96,
  ]);
  expect([objection(0n, 2), objection(10_000_000n, 3)]).toEqual([96, 96]);
});

test("room is what is left, and nothing once more is staked", () => {
  expect([roomOf(10n, 0n), roomOf(10n, 9n), roomOf(10n, 10n), roomOf(10n, 11n)]).toEqual([10n, 1n, 0n, 0n]);
});
