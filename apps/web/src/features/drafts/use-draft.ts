import { useEffect, useRef, useState } from "react";
import type { KeptDraft, Shelf } from "./shelf.ts";

type Current<D> = {
  id: string;
  draft: D;
  /** How the form was before anything was typed into it; null of one that was kept already. */
  untouched: string | null;
};
export type DraftForm<D> = {
  draft: D;
  set: (change: Partial<D>) => void;
  /** `nothing`: as yet there is nothing to keep. */
  state: "nothing" | "kept" | "refused";
  /** The others that are kept. */
  others: readonly KeptDraft<D>[];
  open: (one: KeptDraft<D>) => void;
  remove: (id: string) => void;
  putBack: (one: KeptDraft<D>) => void;
  /** Forgets the one in the form, and begins a new one. */
  discard: () => void;
  /** What it asked for has come to be: it is no draft any more. */
  finish: () => void;
};

/** A form whose draft this browser keeps with every change, from the first on, until it is finished. */
export function useDraft<D extends object>(shelf: Shelf<D>, start: () => D, blank = start): DraftForm<D> {
  const [current, setCurrent] = useState(() => begun(start()));
  const [kept, setKept] = useState(() => shelf.all());
  const [isRefused, setRefused] = useState(false);
  // Two changes may come before the next drawing, and each goes on from the one before.
  const latest = useRef(current);
  useEffect(() => shelf.watch(() => setKept(shelf.all())), [shelf]);

  const show = (next: Current<D>) => {
    latest.current = next;
    setCurrent(next);
    setKept(shelf.all());
  };
  return {
    draft: current.draft,
    set: (change) => {
      const next = { ...latest.current, draft: { ...latest.current.draft, ...change } };
      const { id, draft } = next;
      const done = isTouched(next) ? shelf.keep({ id, at: Date.now(), draft }) : shelf.forget(id);
      setRefused(!done);
      show(next);
    },
    state: !isTouched(current) ? "nothing" : isRefused ? "refused" : "kept",
    others: kept.filter(({ id }) => id !== current.id),
    open: ({ id, draft }) => show({ id, draft, untouched: null }),
    remove: (gone) => {
      shelf.forget(gone);
      setKept(shelf.all());
    },
    putBack: (one) => {
      shelf.keep(one);
      setKept(shelf.all());
    },
    discard: () => {
      shelf.forget(latest.current.id);
      show(begun(blank()));
    },
    finish: () => void shelf.forget(latest.current.id),
  };
}

const isTouched = <D>({ draft, untouched }: Current<D>): boolean =>
  untouched === null || JSON.stringify(draft) !== untouched;

const begun = <D>(draft: D): Current<D> => ({
  id: [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join(""),
  draft,
  untouched: JSON.stringify(draft),
});
