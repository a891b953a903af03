import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { type Ledger, type MessagesClient, openLedger, openMessages } from "@sooth/oracle";
import { counter, type Logger } from "@sooth/runtime";
import { one, rows, sql, type Store } from "@sooth/store";
import {
  DIGEST_FORMAT,
  digestible,
  digestPrompt,
  digestRules,
  LEAST_DIGESTIBLE,
  readDigest,
} from "../../core/index.ts";
import type { MarketsConfig } from "../config.ts";
import { opinionTexts } from "../content/store.ts";

const made = counter(
  "markets_digests_total",
  "Digests of opinions that were asked for, by what became of it",
  ["outcome"],
);

/** After one block; others wait for the next. */
const AT_ONCE = 2;
/** Candidates to read from: those with the largest stakes. */
const READ = 60;
/** Of a market that closed earlier nobody waits for a digest: a server that gets a key does not make up for years. */
const CLOSED_WITHIN = 30 * 86_400;
const MOST_TRIES = 3;
/** Held back from other workers while it is made; one that died leaves it to them afterwards. */
const LEASE_SECONDS = 300;
const MAX_TOKENS = 4_096;

export type Digester = { client: MessagesClient; model: string; ledger: Ledger; perDay: number };

const opened = new WeakMap<MarketsConfig, Promise<Digester>>();

/** Who makes digests; undefined where the operator named no key. */
export function digesterOf(config: MarketsConfig, log: Logger): Promise<Digester> | undefined {
  const { MARKETS_DIGEST_KEY: apiKey } = config;
  if (apiKey === undefined) return undefined;
  const known = opened.get(config) ?? open(config, apiKey, log);
  opened.set(config, known);
  return known;
}

async function open(config: MarketsConfig, apiKey: string, log: Logger): Promise<Digester> {
  const [client, ledger] = await Promise.all([
    openMessages({
      who: "the model",
      cap: "in a day",
      apiKey,
      baseUrl: config.MARKETS_DIGEST_URL,
      model: config.MARKETS_DIGEST_MODEL,
      // What a call can take is bounded, so calls are counted instead of money: see MARKETS_DIGESTS_PER_DAY.
      prices: { input: 0n, output: 0n },
      log,
    }),
    openLedger({ file: undefined, capPerDay: 1n, now: () => 0 }),
  ]);
  return { client, ledger, model: config.MARKETS_DIGEST_MODEL, perDay: config.MARKETS_DIGESTS_PER_DAY };
}

type Due = { market: Hex; statement: string; failed: number };

/** Makes digests of markets that closed and have none, a few after a block. How many were tried. */
export async function makeDigests(
  store: Store,
  digester: Digester,
  { timestamp }: Pick<BlockRef, "timestamp">,
  signal: AbortSignal,
): Promise<number> {
  const due = await takeDue(store, digester.perDay, timestamp);
  for (const each of due) await makeOne(store, digester, each, signal);
  return due.length;
}

async function takeDue(store: Store, perDay: number, now: number): Promise<Due[]> {
  return store.transaction(async (tx) => {
    const today = await one<{ tried: number }>(
      tx,
      sql`select count(*)::int as tried from markets.digests where tried_at > now() - interval '1 day'`,
    );
    const room = Math.min(AT_ONCE, perDay - (today?.tried ?? 0));
    if (room <= 0) return [];
    const candidates = await rows<Due>(
      tx,
      sql`select m.id as market, m.statement, coalesce(d.failed, 0) as failed from markets.opinion_markets m
        join markets.opinion_books b on b.market = m.id and b.count >= ${LEAST_DIGESTIBLE}
        left join markets.digests d on d.market = m.id
        where m.closes_at <= ${now} and m.closes_at > ${now - CLOSED_WITHIN}
          and (d.market is null or (d.points is null and d.failed < ${MOST_TRIES} and d.next_at <= now()))
        order by m.closes_at limit ${room}`,
    );
    const taken: Due[] = [];
    for (const each of candidates) {
      // Two workers may see the same: the row says whose it is.
      const mine = await one(
        tx,
        sql`insert into markets.digests (market, next_at) values (${each.market}, now() + make_interval(secs => ${LEASE_SECONDS}))
          on conflict (market) do update set tried_at = now(), next_at = excluded.next_at
            where markets.digests.points is null and markets.digests.next_at <= now()
          returning market`,
      );
      if (mine) taken.push(each);
    }
    return taken;
  });
}

async function makeOne(
  store: Store,
  { client, ledger, model }: Digester,
  { market, statement, failed }: Due,
  signal: AbortSignal,
): Promise<void> {
  const opinions = digestible(await largestOpinions(store, market));
  const fail = async (why: string): Promise<void> => {
    made.inc({ outcome: "failed" });
    await sql`update markets.digests set failed = failed + 1, why = ${why},
        next_at = now() + make_interval(secs => ${600 * 4 ** failed}) where market = ${market}`.execute(
      store.db,
    );
  };
  if (opinions.length < LEAST_DIGESTIBLE) return fail("too few opinions can be read here");
  const form = { format: DIGEST_FORMAT, maxTokens: MAX_TOKENS, effort: "low", remembersRules: true } as const;
  const testimony = await client.ask(digestPrompt(statement, opinions), form, ledger, signal);
  if (!testimony.said) return fail(testimony.why);
  const points = testimony.stop === "end_turn" ? readDigest(testimony.text, opinions) : null;
  if (points === null) return fail("the model did not keep to the form");
  await store.transaction(async (tx) => {
    const texts = opinions.map(({ opinion }) => opinion.toLowerCase());
    await sql`update markets.digests set points = ${JSON.stringify(points)}::jsonb, model = ${model}, rules = ${digestRules()},
        opinions = ${opinions.length}, texts = ${texts}::text[], why = null, tried_at = now() where market = ${market}`.execute(
      tx,
    );
    // One that was erased while the model read it is in none.
    const left = await opinionTexts(tx, texts);
    if (left.size < new Set(texts).size)
      await sql`delete from markets.digests where market = ${market}`.execute(tx);
  });
  made.inc({ outcome: "made" });
}

async function largestOpinions(store: Store, market: Hex) {
  const found = await rows<{ owner: Hex; opinion: Hex }>(
    store.db,
    sql`select owner, opinion from markets.opinions where market = ${market} order by amount desc, number limit ${READ}`,
  );
  const texts = await opinionTexts(
    store.db,
    found.map(({ opinion }) => opinion),
  );
  return found.flatMap(({ owner, opinion }) => {
    const text = texts.get(opinion.toLowerCase());
    return text === undefined ? [] : [{ owner, opinion, text }];
  });
}
