import { expect, test } from "vitest";
import { limitText, readLimits } from "./limit-text.ts";
import { planOf } from "./plan.ts";

const CHAINS = [10, 20];
const TOKEN = `0x${"ab".repeat(20)}`;

test("every limit that is drawn reads back from its words", () => {
  let drawn = 0;
  for (let seed = 0; seed < 300; seed++) {
    const { limits, chains } = planOf(seed);
    drawn += limits.length;
    const ids = chains.map(({ chainId }) => chainId);
    expect(readLimits(limits.map(limitText).join(", ") || "none", ids)).toEqual({ limits });
  }
  expect(drawn).toBeGreaterThan(50);
});

test("a token and a second may be named", () => {
  const limit = { chainId: 20, other: 10, most: 7n, token: TOKEN, from: 30 };
  expect(readLimits(`20>10 7 ${TOKEN.toUpperCase().replace("X", "x")} @30`, CHAINS)).toEqual({
    limits: [limit],
  });
});

test.each([
  ["", /wants CHAIN>OTHER UNITS/],
  ["10>20", /wants CHAIN>OTHER UNITS/],
  ["10>30 5", /no chain 30, only 10, 20/],
  ["10>10 5", /leads to another/],
  ["10>20 0", /bounds nothing/],
  ["10 5 @900000", /nothing is later/],
  ["10>20 5, 10>20 6", /^"10>20 6": bounds what is bounded before/],
  [`10 5 ${TOKEN}, 10 6`, /bounded before/],
])("%j is no limit", (text, why) => {
  expect(readLimits(text, CHAINS)).toEqual({ wrong: expect.stringMatching(why) as string });
});
