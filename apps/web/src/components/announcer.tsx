import { useSyncExternalStore } from "react";

// One polite live region for the whole app: several would speak over each other.
let message = "";
const listeners = new Set<() => void>();

/** Says `text` to screen readers without moving the focus. */
export function announce(text: string): void {
  message = text;
  for (const listener of listeners) listener();
}

export function Announcer() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
  return (
    <div className="sr-only" aria-live="polite">
      {text}
    </div>
  );
}
