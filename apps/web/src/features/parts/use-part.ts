import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState, type RefObject } from "react";

/** Where somebody is in a form of several parts. */
export type Place = {
  part: number;
  go: (to: number) => void;
  /** Of the part that is shown: it takes the focus whenever another comes. */
  heading: RefObject<HTMLHeadingElement | null>;
};
/** What an entry of the browser's history keeps of such a form: its part, and the first one that lies behind it without a gap. */
export type Entry = { part: number; from: number };

declare module "@tanstack/react-router" {
  interface HistoryState {
    entry?: Entry;
  }
}

/** Of a form that stands in a page among other things: the browser's Back leaves the page. */
export function usePart(): Place {
  const [part, go] = useState(0);
  return { part, go, heading: useFocusOn(part) };
}

/**
 * Of a form that is a page of its own: each part is an entry of the browser's history, so that Back and Forward go through them. The
 * address names none, for whoever opens it anew has filled in nothing yet. `start`: the part that is shown first.
 */
export function usePartInHistory(start: number): Place {
  const navigate = useNavigate();
  const router = useRouter();
  const found = useLocation({ select: ({ state }) => state.entry });
  const [reached, setReached] = useState(start);
  const { part, from } = found && found.part <= reached ? found : { part: start, from: start };
  const isStale = found !== undefined && found.part > reached;

  const put = (entry: Entry, replace: boolean) =>
    void navigate({
      to: ".",
      search: true,
      state: (old) => ({ ...old, entry }),
      replace,
      resetScroll: false,
    });
  // Left by a page that was loaded before this one, and emptied by that.
  useEffect(() => {
    if (isStale) put({ part: start, from: start }, true);
  });
  return {
    part,
    go: (to) => {
      if (to === part) return;
      setReached(Math.max(reached, to));
      const move = moveTo({ part, from }, to);
      if (move.kind === "back") router.history.go(-move.by);
      else put(move.entry, false);
    },
    heading: useFocusOn(part),
  };
}

type Move = { kind: "back"; by: number } | { kind: "new"; entry: Entry };

/** How one gets from an entry to another part: back where it lies behind, else by a new one. Exported for its test. */
export function moveTo({ part, from }: Entry, to: number): Move {
  if (from <= to && to < part) return { kind: "back", by: part - to };
  return { kind: "new", entry: { part: to, from: to === part + 1 ? from : to } };
}

function useFocusOn(part: number): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(part);
  useEffect(() => {
    if (shown.current === part) return;
    shown.current = part;
    heading.current?.focus();
  }, [part]);
  return heading;
}
