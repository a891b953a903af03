/** Switching to another tab and back is not worth a new stream. */
const UNSEEN_MS = 3_000;

/** What of a browser's window tells whether somebody looks at the page. */
export type Pane = EventTarget & { document: EventTarget & { readonly visibilityState: string } };

export type Sight = {
  /** Resolves at once while somebody looks at the page, otherwise as soon as somebody does. */
  seen(): Promise<void>;
  /** Aborts when nobody looks any more. */
  whileSeen(): AbortSignal;
};

/**
 * A browser opens six connections to one server: pages that each held a stream while nobody looks at them would leave
 * none for the seventh. A tab in the background is given a while. A page that was left is not: browsers freeze it for
 * the way back, with its timers and with the streams that it holds.
 */
export function watchSight(pane: Pane): Sight {
  let left = false;
  let stop = new AbortController();
  let unseen: ReturnType<typeof setTimeout> | undefined;
  let waiting: (() => void)[] = [];
  const isSeen = () => !left && pane.document.visibilityState !== "hidden";
  const look = () => {
    clearTimeout(unseen);
    if (left) return stop.abort();
    if (!isSeen()) {
      unseen = setTimeout(() => stop.abort(), UNSEEN_MS);
      return;
    }
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  };
  const leave = (away: boolean) => () => {
    left = away;
    look();
  };
  pane.document.addEventListener("visibilitychange", look);
  pane.addEventListener("pagehide", leave(true));
  pane.addEventListener("pageshow", leave(false));
  return {
    seen: async () => {
      if (!isSeen()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    whileSeen: () => {
      stop = new AbortController();
      return stop.signal;
    },
  };
}
