/** Blocks in one request for logs. */
const LARGEST = 10_000;

export type BlockRange = { fromBlock: bigint; toBlock: bigint };

/**
 * Reads the blocks `from` to `to`, both included, range after range: each of at most `largest` blocks, and a quarter of that
 * while a node refuses one, for nodes limit both blocks and logs. `latestFirst`: from the end. `read` says when it has found
 * all it wants. @throws what one block alone is refused with
 */
export async function inRanges(
  { from, to, largest = LARGEST, latestFirst = false }: BlockSpan,
  read: (range: BlockRange) => Promise<"enough" | undefined>,
): Promise<void> {
  let blocks = largest;
  let [first, last] = [from, to];
  while (first <= last) {
    const size = Math.min(blocks, last - first + 1);
    const start = latestFirst ? last - size + 1 : first;
    try {
      const found = await read({ fromBlock: BigInt(start), toBlock: BigInt(start + size - 1) });
      if (found === "enough") return;
      if (latestFirst) last -= size;
      else first += size;
    } catch (error) {
      if (size === 1) throw error;
      blocks = Math.max(1, size >> 2);
    }
  }
}

export type BlockSpan = { from: number; to: number; largest?: number; latestFirst?: boolean };
