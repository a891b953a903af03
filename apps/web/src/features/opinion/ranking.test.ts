import { expect, test } from "vitest";
import { rankingOf } from "./ranking.ts";
import type { Judged } from "./sheets.ts";

type Said = { quality: number; keep?: boolean; staked?: number };
const sheetOf = (root: string, said: Record<string, Said>, counted = true): Judged =>
  ({
    signer: root,
    counted,
    complaint: null,
    sheet: {
      root,
      positions: Object.entries(said).map(([owner, { staked = 10 }]) => ({ owner, staked: String(staked) })),
      analysts: [
        {
          analyst: "offline",
          model: "m",
          labels: Object.entries(said).map(([owner, { quality, keep = true }]) => ({
            owner,
            stance: 0,
            quality,
            keep,
            reason: "",
          })),
        },
      ],
    },
  }) as unknown as Judged;

test("the best argued is first, whatever is staked; of equals the larger stake; what does not count is last", () => {
  const judged = [
    sheetOf("r1", {
      a: { quality: 40, staked: 900 },
      b: { quality: 80, staked: 5 },
      c: { quality: 99, keep: false, staked: 9_999 },
      d: { quality: 40, staked: 1_000 },
      e: { quality: 0 },
    }),
  ];
  expect(rankingOf(judged).owners).toEqual(["b", "d", "a", "e", "c"]);
});

test("each provider of the answer has one voice, and others none", () => {
  const high = { a: { quality: 90 }, b: { quality: 60 } };
  const low = { a: { quality: 30 }, b: { quality: 60 } };
  expect(rankingOf([sheetOf("r1", high), sheetOf("r2", low)]).owners).toEqual(["a", "b"]);
  expect(rankingOf([sheetOf("r1", high), sheetOf("r2", low), sheetOf("r2", low)]).owners).toEqual(["b", "a"]);
  expect(rankingOf([sheetOf("r1", high, false), sheetOf("r2", low)]).owners).toEqual(["b", "a"]);
  expect(rankingOf([sheetOf("r1", high, false)]).owners).toEqual(["a", "b"]);
  expect(rankingOf([]).owners).toEqual([]);
});
