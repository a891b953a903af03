import { expect, test } from "vitest";
import { type BlockRange, type BlockSpan, inRanges } from "./in-ranges.ts";

/** What a node answered that takes so many blocks at once. */
async function asked(span: BlockSpan, limit = Infinity, until = -1): Promise<[number, number][]> {
  const ranges: [number, number][] = [];
  await inRanges(span, async ({ fromBlock, toBlock }: BlockRange) => {
    const [first, last] = [Number(fromBlock), Number(toBlock)];
    if (last - first + 1 > limit) throw new Error("too many blocks");
    ranges.push([first, last]);
    return first <= until && until <= last ? "enough" : undefined;
  });
  return ranges;
}

test("every block once, in order or from the end", async () => {
  expect(await asked({ from: 3, to: 12, largest: 4 })).toEqual([
    [3, 6],
    [7, 10],
    [11, 12],
  ]);
  expect(await asked({ from: 3, to: 12, largest: 4, latestFirst: true })).toEqual([
    [9, 12],
    [5, 8],
    [3, 4],
  ]);
  expect(await asked({ from: 3, to: 2 })).toEqual([]);
});

test("ranges fit what a node takes, and end where all is found", async () => {
  expect(await asked({ from: 1, to: 8, largest: 100 }, 3)).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);
  expect(await asked({ from: 1, to: 8, largest: 2, latestFirst: true }, 2, 6)).toEqual([
    [7, 8],
    [5, 6],
  ]);
  await expect(asked({ from: 1, to: 8 }, 0)).rejects.toThrow("too many blocks");
});
