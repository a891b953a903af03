import { useSyncExternalStore } from "react";

// The chain decides what is early and what is late, so countdowns run by its clock: the last block's time, and since
// then the seconds that passed here.
let anchor: { chain: number; local: number } | undefined;
const listeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let shown = 0;

const read = (): number =>
  Math.floor(anchor ? anchor.chain + (performance.now() - anchor.local) / 1000 : Date.now() / 1000);

/** Takes the time of a block that has just been seen, in unix seconds. */
export function setChainTime(timestamp: number): void {
  anchor = { chain: timestamp, local: performance.now() };
  tick();
}

function tick(): void {
  const next = read();
  if (next === shown) return;
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticker ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

/** Now by the chain's clock, in unix seconds. */
export function chainNow(): number {
  shown = read();
  return shown;
}

/** The chain's time, renewed every second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => (shown === 0 ? chainNow() : shown));
