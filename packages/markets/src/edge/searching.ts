import { type Executor, type Store, withinTime } from "@sooth/store";

type Asked = { search?: string | undefined; q?: string | undefined };
const isSearch = ({ search, q }: Asked): boolean => Boolean(search?.trim() || q?.trim());

/** A person who types asks four times a second at most, and seldom for a minute. */
const A_MINUTE = 240;
const MILLISECONDS = 10_000;

/** For a list that can be searched in: plain pages of it are not counted, searches are, per client address. */
export const SEARCHED = {
  rateLimit: {
    max: A_MINUTE,
    timeWindow: 60_000,
    // Before its shape is checked: whatever is no text there is refused right after.
    allowList: ({ query }: { query: unknown }) =>
      !Object.entries(query as object).some(
        ([name, value]) => (name === "search" || name === "q") && String(value).trim() !== "",
      ),
  },
};

/** Reads a list; one that is searched in ends where its ranking takes too long. @throws store.too_slow */
export const reading = <T>(
  store: Pick<Store, "db" | "transaction">,
  asked: Asked,
  read: (db: Executor) => Promise<T>,
): Promise<T> => (isSearch(asked) ? withinTime(store, MILLISECONDS, read) : read(store.db));
