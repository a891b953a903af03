/** Blocks in one request for logs. */
const LARGEST = 10_000;
/** After so many good ranges twice as many blocks are asked for; after more, while that was refused. */
const PATIENCE = 4;
const MOST_PATIENCE = 64;

export type BlockRange = { fromBlock: bigint; toBlock: bigint };

/**
 * Reads the blocks `from` to `to`, both included, range after range: each of at most `largest` blocks, of a quarter of that
 * while a node refuses one, for nodes limit both blocks and logs, and of twice as many again after some good ones: it may have
 * been a few full blocks. `latestFirst`: from the end. `read` says when it has found all it wants.
 * @throws what one block alone is refused with
 */
export async function inRanges(
  { from, to, largest = LARGEST, latestFirst = false }: BlockSpan,
  read: (range: BlockRange) => Promise<"enough" | undefined>,
): Promise<void> {
  let blocks = largest;
  let [good, patience, hasGrown] = [0, PATIENCE, false];
  let [first, last] = [from, to];
  while (first <= last) {
    const size = Math.min(blocks, last - first + 1);
    const start = latestFirst ? last - size + 1 : first;
    try {
      const found = await read({ fromBlock: BigInt(start), toBlock: BigInt(start + size - 1) });
      if (found === "enough") return;
      if (latestFirst) last -= size;
      else first += size;
      if (hasGrown) patience = PATIENCE;
      hasGrown = ++good % patience === 0 && blocks < largest;
      if (hasGrown) [good, blocks] = [0, Math.min(largest, 2 * blocks)];
    } catch (error) {
      if (size === 1) throw error;
      // What was good before it grew is likely to be good still.
      blocks = Math.max(1, size >> (hasGrown ? 1 : 2));
      if (hasGrown) patience = Math.min(MOST_PATIENCE, 2 * patience);
      [good, hasGrown] = [0, false];
    }
  }
}

export type BlockSpan = { from: number; to: number; largest?: number; latestFirst?: boolean };
