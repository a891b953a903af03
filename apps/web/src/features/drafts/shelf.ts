import { browserStore } from "../../browser-store.ts";
import { withoutKeys } from "./without-keys.ts";

/** A form that somebody left half filled in. `at`: when it was changed last, in milliseconds of this device's clock. */
export type KeptDraft<D> = { id: string; at: number; draft: D };
/** Where the drafts of one form lie. What it answers to `keep` and `forget` is whether the browser let it. */
export type Shelf<D> = {
  /** The latest first. */
  all(): KeptDraft<D>[];
  keep(one: KeptDraft<D>): boolean;
  forget(id: string): boolean;
  /** Tells of changes by other tabs. */
  watch(onChange: () => void): () => void;
};
type Store = Pick<Storage, "getItem" | "setItem">;

/** Beyond these the oldest goes: a browser has room for a few megabytes of everything. */
export const MOST_KEPT = 20;

/** `read` makes a draft of today's form of whatever an earlier version kept. */
export function shelfOf<D>(
  form: string,
  read: (kept: unknown) => D,
  open: () => Store | undefined = browserStore,
): Shelf<D> {
  const name = `sooth.drafts.${form}`;
  const all = (): KeptDraft<D>[] => {
    try {
      return listIn(open()?.getItem(name) ?? null).map(({ id, at, draft }) => ({
        id,
        at,
        draft: read(draft),
      }));
    } catch {
      return []; // something else lies there: the next draft takes its place
    }
  };
  const write = (drafts: readonly KeptDraft<D>[]): boolean => {
    try {
      const store = open();
      store?.setItem(name, JSON.stringify(drafts, keyless));
      return store !== undefined;
    } catch {
      return false; // full: the form says so and goes on without
    }
  };
  return {
    all,
    keep: (one) => write([one, ...all().filter(({ id }) => id !== one.id)].slice(0, MOST_KEPT)),
    forget: (gone) => {
      const drafts = all();
      return drafts.every(({ id }) => id !== gone) || write(drafts.filter(({ id }) => id !== gone));
    },
    watch: (onChange) => {
      const look = (event: StorageEvent) => {
        if (event.key === name || event.key === null) onChange();
      };
      window.addEventListener("storage", look);
      return () => window.removeEventListener("storage", look);
    },
  };
}

const keyless = (_name: string, value: unknown): unknown =>
  typeof value === "string" ? withoutKeys(value) : value;

function listIn(text: string | null): { id: string; at: number; draft: unknown }[] {
  const value: unknown = JSON.parse(text ?? "[]");
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one) => typeof one?.id === "string" && Number.isFinite(one?.at) && typeof one?.draft === "object",
  );
}
