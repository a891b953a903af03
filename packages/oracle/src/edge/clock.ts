import type { Chain } from "@sooth/chain";

/** A block lasts a second at least, so a reading this old is as good as a new one. */
const FRESH_MS = 300;
/** How long somebody who is owed a receipt within a second may wait for a node. */
const PATIENCE_MS = 400;
/** A reading that is older tells nothing about now. */
const OF_USE_MS = 60_000;

type Reading = { taken: number; time: Promise<number>; last?: { value: number; at: number } };
const readings = new WeakMap<Chain, Reading>();

/** The chain's clock for readers: many requests share one reading. Unix seconds. @throws chain.rpc_unreachable */
export function chainTime(chain: Chain): Promise<number> {
  const held = readings.get(chain);
  const elapsed = performance.now();
  if (held && elapsed - held.taken < FRESH_MS) return held.time;
  const time = chain.now();
  const reading: Reading = { taken: elapsed, time, last: held?.last };
  readings.set(chain, reading);
  void note(reading);
  return time;
}

async function note(reading: Reading): Promise<void> {
  try {
    reading.last = { value: await reading.time, at: performance.now() };
  } catch {
    // A failed reading is nobody's answer but of those who wait for it now; what was read before stays known.
    reading.taken = Number.NEGATIVE_INFINITY;
  }
}

/**
 * The same for who must not wait for a node: where it does not answer soon, or not at all, what it said within the last minute.
 * That is never later than the chain's clock, so nothing is taken too early by it. Unix seconds.
 * @throws chain.rpc_unreachable when nothing was read lately
 */
export async function chainTimeSoon(chain: Chain): Promise<number> {
  const known = readings.get(chain)?.last;
  const reading = chainTime(chain);
  if (!known || performance.now() - known.at > OF_USE_MS) return reading;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(known.value), PATIENCE_MS);
  });
  try {
    return await Promise.race([reading.catch(() => known.value), patience]);
  } finally {
    clearTimeout(timer);
  }
}
