import { bundleNews, type NewsReader } from "@sooth/bundles";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { jurySeatsOf, type NewsPlace, questionNews, questionsByIds } from "@sooth/oracle";
import { type Executor, rows, sql } from "@sooth/store";
import type { NewsKind, Notification } from "../../core/index.ts";

export type NewsFilter = {
  /** Whoever is not the wallet itself hears nothing of private bundles. */
  reader: NewsReader;
  /** Of these kinds alone. */
  kinds: readonly NewsKind[];
  before?: NewsPlace | undefined;
  /** Strictly later than that, unix seconds. */
  since?: number | undefined;
  limit: number;
  /** What amounts are told in; of other tokens none is. */
  collateral?: Address | undefined;
};

const NOTHING = {
  market: null,
  opinion: false,
  question: null,
  bundle: null,
  event: null,
  label: null,
  amount: null,
  who: null,
  comment: null,
  jury: null,
} as const;

/**
 * What a wallet is told of, latest first: from the rows of markets, comments, the oracle and bundles as they are at `now` (chain's clock).
 * Nothing is written down when it happens, so a reorg or another clock leaves no false news behind.
 */
export async function newsOf(
  db: Executor,
  wallet: Address,
  filter: NewsFilter,
  now: number,
): Promise<Notification[]> {
  const held = await heldMarkets(db, wallet);
  const [own, asked, drawn, bundled] = await Promise.all([
    marketNews(db, wallet, filter, now),
    oracleNews(db, wallet, held, filter),
    juryNews(db, wallet, filter),
    newsOfBundles(db, wallet, filter, now),
  ]);
  return [...own, ...asked, ...drawn, ...bundled].toSorted(latestFirst).slice(0, filter.limit);
}

/** As the databases order: by bytes. */
const latestFirst = (a: NewsPlace, b: NewsPlace): number => b.at - a.at || (a.id < b.id ? 1 : -1);

type Held = { question: Hex; market: Hex; opinion: boolean };

/** Markets in which the wallet has something. */
const heldMarkets = (db: Executor, wallet: Address): Promise<Held[]> =>
  rows<Held>(
    db,
    sql`select m.question, m.id as market, false as opinion from markets.markets m
        where m.id in (select market from markets.positions where owner = ${wallet})
      union all
      select m.question, m.id, true from markets.opinion_markets m
        where m.id in (select market from markets.opinions where owner = ${wallet})`,
  );

type Row = Omit<Notification, "amount" | "event" | "question" | "jury" | "bundle"> & {
  amount: bigint | null;
};

async function marketNews(
  db: Executor,
  wallet: Address,
  { kinds, before, since = 0, limit }: NewsFilter,
  now: number,
): Promise<Notification[]> {
  const found = await rows<Row>(
    db,
    sql`with pools as (select * from markets.markets
        where id in (select market from markets.positions where owner = ${wallet})),
      polls as (select * from markets.opinion_markets
        where id in (select market from markets.opinions where owner = ${wallet})),
      news (id, kind, at, title, market, opinion, label, amount, who, comment) as (
        select 'closed:' || id, 'closed', closes_at, title, id, false, null::text, null::numeric, null::text, null::text
          from pools where closes_at <= ${now}
        union all
        select 'ended:' || id || ':' || ends_at, case when winner is null then 'void' else 'settled' end, ends_at, title, id,
            false, labels[winner + 1], null, null, null
          from pools where ends_at <= ${now}
        union all
        select 'closed:' || id, 'closed', closes_at, statement, id, true, null, null, null, null
          from polls where closes_at <= ${now}
        union all
        select 'ended:' || id || ':' || ended_at, case when ending = 'void' then 'void' else 'settled' end, ended_at,
            statement, id, true, case when ending = 'void' then null else score::text end, null, null, null
          from polls where ended_at is not null
        union all
        select 'paid:' || a.block || ':' || a.log, 'paid', a.at, m.title, m.id, false, m.labels[a.outcome + 1], a.amount, null, null
          from markets.activity a join markets.markets m on m.id = a.market
          where a.who = ${wallet} and a.kind in ('claimed', 'fee') and a.amount > 0
        union all
        select 'paid:' || a.block || ':' || a.log, 'paid', a.at, m.statement, m.id, true, null, a.amount, null, null
          from markets.opinion_activity a join markets.opinion_markets m on m.id = a.market
          where a.who = ${wallet} and a.kind in ('claimed', 'prize', 'fee') and a.amount > 0
        union all
        select 'reply:' || r.id, 'reply', r.at, coalesce(m.title, o.statement), r.market, o.id is not null, null, null,
            r.author, r.id::text
          from markets.comments t join markets.comments r on r.parent = t.id
          left join markets.markets m on m.id = r.market left join markets.opinion_markets o on o.id = r.market
          where t.author = ${wallet} and r.author <> ${wallet} and r.text is not null and r.hidden_why is null
            and coalesce(m.id, o.id) is not null)
      select * from news where kind = any(${kinds}::text[]) and at > ${since}
        and ${before === undefined ? sql`true` : sql`(at, id collate "C") < (${before.at}, ${before.id})`}
      order by at desc, id collate "C" desc limit ${limit}`,
  );
  return found.map((row) => ({
    ...NOTHING,
    ...row,
    amount: row.amount === null ? null : String(row.amount),
  }));
}

async function oracleNews(
  db: Executor,
  wallet: Address,
  held: readonly Held[],
  { kinds, before, since, limit }: NewsFilter,
): Promise<Notification[]> {
  const events = (["answered", "disputed", "reopened"] as const).filter((kind) => kinds.includes(kind));
  const own = kinds.includes("question");
  const markets = new Map(held.map((each) => [each.question as string, each]));
  const found = await questionNews(db, {
    asker: wallet,
    own,
    questions: [...markets.keys()],
    kinds: events,
    before,
    since,
    limit,
  });
  return found.map(({ id, kind: event, at, question, asker, title, label }): Notification => {
    const on = markets.get(question);
    const isOwn = asker === wallet;
    return {
      ...NOTHING,
      id,
      kind: isOwn ? "question" : event,
      event: isOwn ? event : null,
      at,
      title,
      label,
      question,
      market: on?.market ?? null,
      opinion: on?.opinion ?? false,
    };
  });
}

async function juryNews(
  db: Executor,
  wallet: Address,
  { kinds, before, since = 0 }: NewsFilter,
): Promise<Notification[]> {
  if (!kinds.includes("juror")) return [];
  const seats = await jurySeatsOf(db, wallet);
  const asked = await questionsByIds(
    db,
    seats.flatMap(({ question }) => question ?? []),
  );
  const titles = new Map(asked.map(({ id, schema }) => [id as string, schema.text]));
  return seats
    .map(({ jury, question, at }): Notification => ({
      ...NOTHING,
      id: `juror:${jury}`,
      kind: "juror",
      at,
      title: titles.get(question ?? "") ?? "a dispute",
      question,
      jury,
    }))
    .filter((news) => news.at > since && (!before || latestFirst(news, before) > 0));
}

const BUNDLE_KINDS = { bundle: "ended", turn: "turn" } as const;

async function newsOfBundles(
  db: Executor,
  wallet: Address,
  { reader, kinds: wanted, before, since, limit, collateral }: NewsFilter,
  now: number,
): Promise<Notification[]> {
  const kinds = (["bundle", "turn"] as const).flatMap((kind) =>
    wanted.includes(kind) ? BUNDLE_KINDS[kind] : [],
  );
  if (kinds.length === 0) return [];
  const found = await bundleNews(db, wallet, { reader, kinds, before, since, limit }, now);
  return found.map((news): Notification => {
    const token = news.kind === "turn" ? news.token : null;
    const isTold = token !== null && collateral !== undefined && sameAddress(token, collateral);
    return {
      ...NOTHING,
      id: news.id,
      kind: news.kind === "ended" ? "bundle" : "turn",
      event: news.event,
      at: news.at,
      title: `${news.bundle.slice(0, 6)}…${news.bundle.slice(-4)}`,
      bundle: news.bundle,
      who: sameAddress(news.owner, wallet) ? null : news.owner,
      amount: isTold && news.kind === "turn" ? String(news.amount) : null,
    };
  });
}
