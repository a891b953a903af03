import type { Chain } from "@sooth/chain";

/** A block lasts a second at least, so a reading this old is as good as a new one. */
const FRESH_MS = 300;

const readings = new WeakMap<Chain, { taken: number; time: Promise<number> }>();

/** The chain's clock for readers: many requests share one reading. Unix seconds. @throws chain.rpc_unreachable */
export function chainTime(chain: Chain): Promise<number> {
  const held = readings.get(chain);
  const elapsed = performance.now();
  if (held && elapsed - held.taken < FRESH_MS) return held.time;
  const time = chain.now();
  readings.set(chain, { taken: elapsed, time });
  // A failed reading is nobody's answer but of those who wait for it now.
  time.catch(() => readings.delete(chain));
  return time;
}
