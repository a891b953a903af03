import { need } from "@sooth/kernel";
import { listOpinionMarkets } from "@sooth/markets";
import { openStore, type Store } from "@sooth/store";
import { startEmbeddedPostgres } from "@sooth/store/embedded";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readDiscussions } from "../analyst/opinions.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "../measurement.ts";
import { type Query, queriesOf, type Split, splitOpinions } from "./queries.ts";
import { argue, marketOf, openTables, putUp } from "./seed.ts";

/** A page that a reader looks through. */
const LOOKED_AT = 10;

/** Search by meaning beside search by words alone, in a real Postgres and through the list that the API answers with. */
export const search: BenchPart = {
  name: "search",
  about:
    "finding the market that words were said of; give --opinions FILE, and --among FILE for more to tell it from",
  needs: "opinions",
  run: async (onStep, { opinions, among } = {}) => {
    const asked = readDiscussions(need(opinions, "--opinions"));
    const others = among === undefined ? [] : readDiscussions(among);
    const splits = [...asked, ...others].map(splitOpinions);
    const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-bench-"));
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(dataDir, "postgres"), durable: false });
    const store = openStore({ url: postgres.url, applicationName: "bench" });
    try {
      await openTables(store);
      await putUp(
        store,
        splits.map(({ statement }) => statement),
      );
      for (const [market, { indexed }] of splits.entries()) await argue(store, market, indexed, 0);
      return await measure(store, splits, asked.length, onStep);
    } finally {
      await store.close();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

async function measure(
  store: Store,
  splits: readonly Split[],
  asked: number,
  onStep: (text: string) => void,
): Promise<Measurement[]> {
  const made = queriesOf(splits, asked);
  const rows: Measurement[] = [];
  for (const [kind, queries] of Object.entries(made)) {
    onStep(
      `${kind}: ${queries.length} queries among ${splits.length} statements, as "${queries[0]?.search}"`,
    );
    const meaning = await places(queries, (one) => find(store, one, "on"));
    const words = await places(queries, (one) => find(store, one, "off"));
    const anyWord = await places(queries, async (one) => [
      ...new Set([
        ...(await find(store, one, "off")),
        ...(await find(store, one.replaceAll(" ", " or "), "off")),
      ]),
    ]);
    const figures = {
      recall: [recall, "share found on ten rows"],
      mrr: [reciprocal, "mean of 1 / place"],
    } as const;
    for (const [figure, [of, unit]] of Object.entries(figures)) {
      const value = of(meaning);
      const about = { name: `search.${kind}.${figure}`, value, unit };
      rows.push(measurement({ ...about, reference: of(words), against: "words alone" }));
      if (kind === "pairs")
        rows.push(
          measurement({
            ...about,
            name: `${about.name}_beside_any`,
            reference: of(anyWord),
            against: "words alone, then any of them",
          }),
        );
    }
  }
  onStep("all other opinions come in, and what it takes is timed");
  for (const [market, { indexed, unseen }] of splits.entries())
    if (unseen.length > 0) await argue(store, market, unseen, indexed.length);
  await store.pool.query("analyze");
  const texts = splits.reduce((sum, { indexed, unseen }) => sum + indexed.length + unseen.length, 0);
  const queries = [...made.words, ...made.pairs];
  const on = await took(queries, (one) => find(store, one, "on"));
  const off = await took(queries, (one) => find(store, one, "off"));
  for (const share of [0.5, 0.95])
    rows.push(
      measurement({
        name: `search.milliseconds_p${share * 100}`,
        value: percentile(on, share),
        unit: "ms",
        reference: percentile(off, share),
        against: `words alone; ${texts} opinions`,
        smallerIsBetter: true,
      }),
    );
  return rows;
}

/** The markets of the first page, in its order. */
async function find(store: Store, text: string, meaning: "on" | "off"): Promise<number[]> {
  const filter = { search: text, sort: "relevance", meaning, limit: LOOKED_AT } as const;
  const { items } = await listOpinionMarkets(store.db, filter, 0);
  return items.map(({ id }) => marketOf(id));
}

/** Where the market stands that each query was said of, from 1 on; 0 where it is not found. */
async function places(
  queries: readonly Query[],
  list: (text: string) => Promise<readonly number[]>,
): Promise<number[]> {
  const found: number[] = [];
  for (const { search: text, market } of queries)
    found.push((await list(text)).slice(0, LOOKED_AT).indexOf(market) + 1);
  return found;
}

async function took(queries: readonly Query[], list: (text: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (const { search: text } of queries) {
    const began = performance.now();
    await list(text);
    times.push(performance.now() - began);
  }
  return times;
}

const recall = (all: readonly number[]): number => all.filter((place) => place > 0).length / all.length;
const reciprocal = (all: readonly number[]): number =>
  all.reduce((sum, place) => sum + (place > 0 ? 1 / place : 0), 0) / all.length;
