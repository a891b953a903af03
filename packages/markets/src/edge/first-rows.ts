import type { PageRow } from "@sooth/runtime";
import type { ReadDeps } from "./deps.ts";
import { listMarkets } from "./market-rows.ts";
import { listOpinionMarkets } from "./opinions/market-rows.ts";

/** More than a screen holds; the page reads the others itself. */
const ROWS = 8;
/** As the lists are ordered that nobody has ordered otherwise. */
const ALL = { sort: "volume", limit: ROWS } as const;
/** Neither this order nor a list of all depends on the clock, so no page waits for a node. */
const ANY_TIME = 0;

type FirstRowsDeps = Pick<ReadDeps, "store">;

/** The first rows of the two lists of markets, so that they are read before any script has run; null for any other page. */
export function firstRows(path: string, deps: FirstRowsDeps): Promise<readonly PageRow[]> | null {
  if (path === "/") return firstMarkets(deps);
  if (/^\/opinions\/?$/.test(path)) return firstStatements(deps);
  return null;
}

async function firstMarkets({ store }: FirstRowsDeps): Promise<PageRow[]> {
  const { items } = await listMarkets(store.db, ALL, ANY_TIME);
  return items.map(({ id, title }) => ({ id, title }));
}

async function firstStatements({ store }: FirstRowsDeps): Promise<PageRow[]> {
  const { items } = await listOpinionMarkets(store.db, ALL, ANY_TIME);
  return items.map(({ id, statement }) => ({ id, title: statement }));
}
