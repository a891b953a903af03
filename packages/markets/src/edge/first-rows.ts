import type { PageRow } from "@sooth/runtime";
import { questionsByIds } from "@sooth/oracle";
import type { Deps } from "./deps.ts";
import { listMarkets } from "./market-rows.ts";
import { listOpinionMarkets } from "./opinions/market-list.ts";
import { elsewhereOf } from "./opinions/opinion-checks.ts";

/** More than a screen holds; the page reads the others itself. */
const ROWS = 8;
/** As the lists are ordered that nobody has ordered otherwise. */
const ALL = { sort: "volume", limit: ROWS } as const;
/** Neither this order nor a list of all depends on the clock, so no page waits for a node. */
const ANY_TIME = 0;

type FirstRowsDeps = Pick<Deps, "store" | "hub" | "addresses">;

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

/** A row here is a name and nothing else: a market whose score is read elsewhere is left to the page, which says so beside it. */
async function firstStatements(deps: FirstRowsDeps): Promise<PageRow[]> {
  const { db } = deps.store;
  const { items } = await listOpinionMarkets(db, ALL, ANY_TIME);
  const asked = await questionsByIds(
    db,
    items.map(({ terms }) => terms.question),
  );
  const questions = new Map(asked.map((question) => [question.id, question]));
  return items.flatMap(({ id, statement, terms }) => {
    const question = questions.get(terms.question);
    return question && elsewhereOf(deps, question, terms) === null ? [{ id, title: statement }] : [];
  });
}
