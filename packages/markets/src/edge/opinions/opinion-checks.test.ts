import { chainById } from "@sooth/chain";
import { questionSchema } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import { marketsConfig } from "../config.ts";
import { checkFamilies, leastFamilies } from "./opinion-checks.ts";

const LAPTOP = 31_337;
const BASE = 8_453;
const on = (chainId: number, least?: string) => ({
  hub: { definition: chainById(chainId) },
  config: marketsConfig.parse(least === undefined ? {} : { MARKETS_LEAST_FAMILIES: least }),
});
const question = (families?: number) => ({
  id: `0x${"01".repeat(32)}` as const,
  schema: questionSchema.parse({
    version: 1,
    text: "What do the opinions come to?",
    kind: "score",
    decimals: 2,
    observeAt: 1_800_000_000,
    sources: [
      {
        type: "opinions",
        name: "opinions",
        unit: "points",
        chainId: BASE,
        address: `0x${"aa".repeat(20)}`,
        families,
      },
    ],
  }),
});

test("labels of two families of models are wanted but on a laptop, unless an operator says otherwise", () => {
  expect([leastFamilies(on(BASE)), leastFamilies(on(LAPTOP))]).toEqual([2, 1]);
  expect([leastFamilies(on(BASE, "1")), leastFamilies(on(LAPTOP, "3"))]).toEqual([1, 3]);
});

test("where nothing is set money does not move on the labels of one family", () => {
  expect(() => checkFamilies(on(BASE), question())).toThrow("labels of 1 families of models");
  expect(() => checkFamilies(on(BASE), question(2))).not.toThrow();
  expect(() => checkFamilies(on(LAPTOP), question())).not.toThrow();
});
