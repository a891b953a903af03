import { useSyncExternalStore } from "react";

/** `live`: changes arrive by themselves. `lost`: what is shown may be old. */
export type Connection = "connecting" | "live" | "lost";

let state: Connection = "connecting";
const listeners = new Set<() => void>();

export function setConnection(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

export const useConnection = (): Connection =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
