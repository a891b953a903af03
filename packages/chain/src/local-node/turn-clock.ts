import type { TestClient } from "viem";
import { getBlock, mine, setNextBlockTimestamp } from "viem/actions";

/**
 * Mines a block at this time, unix seconds; where the chain is there already, one at its own time. A node that mines by itself
 * may pass any moment between a look at its clock and the order to set it, so the order is given, and what it answers is read.
 */
export async function turnClock(node: TestClient<"anvil">, timestamp: number): Promise<void> {
  const time = BigInt(timestamp);
  try {
    await setNextBlockTimestamp(node, { timestamp: time });
  } catch (error) {
    if ((await getBlock(node)).timestamp < time) throw error;
  }
  await mine(node, { blocks: 1 });
}
