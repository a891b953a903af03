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

test("after full blocks ranges grow again, and what is refused for good is not tried for ever", async () => {
  const sizes: number[] = [];
  let refusals = 0;
  await inRanges({ from: 0, to: 2_000, largest: 16 }, async ({ fromBlock, toBlock }) => {
    const size = Number(toBlock - fromBlock) + 1;
    const holdsFull = fromBlock < 30n && toBlock >= 20n;
    if (size > 1 && holdsFull) {
      refusals++;
      throw new Error("too many logs");
    }
    sizes.push(size);
    return undefined;
  });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_001);
  expect(sizes.slice(-20, -1)).toEqual(Array.from({ length: 19 }, () => 16));
  expect(refusals).toBeLessThan(6);

  let asks = 0;
  await inRanges({ from: 0, to: 2_999, largest: 1_000 }, async ({ fromBlock, toBlock }) => {
    asks++;
    if (toBlock - fromBlock >= 3n) throw new Error("too many blocks");
    return undefined;
  });
  // 1,000 are needed, at 3 blocks each; quarters of 1,000 come to 3.
  expect(asks).toBeLessThan(1_040);
});
