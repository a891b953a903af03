import type { Opinion } from "../../api.ts";
import type { Ranking } from "./ranking.ts";

/** `all`: how many opinions the market has. */
export type Ranked = Ranking & { all: number };

const PAGE = 20;
const REST_PAGE = 100;
type Asked = { owners: string; limit: number } | { sort: "largest"; limit: number; cursor?: string };
type Page<T> = { items: T[]; next: string | null };

/**
 * Opinions by rank, a page at a time, then those that no sheet speaks of, the largest stakes first. `place`: how many of the ranking
 * were shown, or the cursor among the rest behind an `r`.
 */
export async function rankedPage<T extends Pick<Opinion, "owner">>(
  { owners, all }: Ranked,
  place: string,
  ask: (query: Asked) => Promise<Page<T>>,
): Promise<Page<T>> {
  if (place.startsWith("r")) return restPage(new Set(owners), place.slice(1), ask);
  const from = Number(place);
  const named = owners.slice(from, from + PAGE);
  if (named.length === 0) return restPage(new Set(owners), "", ask);
  const { items } = await ask({ owners: named.join(","), limit: PAGE });
  const byOwner = new Map(items.map((item) => [item.owner, item]));
  return {
    items: named.flatMap((owner) => byOwner.get(owner) ?? []),
    next: from + PAGE < owners.length ? String(from + PAGE) : all > owners.length ? "r" : null,
  };
}

/** Most of the largest are ranked, and were shown: pages with nobody else on them are passed over. */
async function restPage<T extends Pick<Opinion, "owner">>(
  ranked: ReadonlySet<string>,
  first: string,
  ask: (query: Asked) => Promise<Page<T>>,
): Promise<Page<T>> {
  let cursor = first;
  for (;;) {
    const page = await ask({ sort: "largest", limit: REST_PAGE, ...(cursor !== "" && { cursor }) });
    const items = page.items.filter(({ owner }) => !ranked.has(owner));
    const next = page.next === null ? null : `r${page.next}`;
    if (items.length > 0 || page.next === null) return { items, next };
    cursor = page.next;
  }
}
