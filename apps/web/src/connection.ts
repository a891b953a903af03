import { useSyncExternalStore } from "react";

/** `live`: changes arrive by themselves. `lost`: what is shown may be old. */
export type Connection = "connecting" | "live" | "lost";

let state: Connection = "connecting";
const listeners = new Set<(state: Connection, before: Connection) => void>();

export function setConnection(next: Connection): void {
  if (next === state) return;
  const before = state;
  state = next;
  for (const listener of listeners) listener(next, before);
}

/** Tells of every change from now on; returns the function that ends it. */
export function onConnection(listener: (state: Connection, before: Connection) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useConnection = (): Connection => useSyncExternalStore(onConnection, () => state);
