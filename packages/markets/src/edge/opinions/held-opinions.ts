import type { Hex } from "@sooth/kernel";
import type { HeldPosition } from "@sooth/oracle/core";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { Deps } from "../deps.ts";

/** A market is looked at from its closing, before which nobody reports on it, until so long after its end. */
const AFTER_END_SECONDS = 86_400;

export type OpinionPlace = { owner: Hex; market: Hex };

/**
 * Of the opinions that these accounts ever staked on, `limit` behind `after` in the order of their names, and of them what is in
 * markets that are being judged, or were not long ago, as the oracle wants it shown.
 */
export async function opinionsHeldBy(
  { store: { db }, addresses }: { store: { db: Executor }; addresses: Pick<Deps["addresses"], "opinions"> },
  accounts: readonly Hex[],
  { now, after, limit }: { now: number; after?: OpinionPlace | undefined; limit: number },
): Promise<{ held: HeldPosition[]; last: OpinionPlace | undefined }> {
  const from = after ?? { owner: "", market: "" };
  const found = await rows<OpinionPlace & { question: Hex | null; counts: boolean }>(
    db,
    sql`select p.owner, p.market, m.question, coalesce(m.closes_at <= ${now}
        and (m.ended_at is null or m.ended_at > ${now - AFTER_END_SECONDS}), false) as counts
      from (select held.* from unnest(${[...accounts]}::text[]) as account
        cross join lateral (select owner, market from markets.opinions where owner = account
          and (account > ${from.owner} or market > ${from.market}) order by market limit ${limit}) held
        where account >= ${from.owner} order by held.owner, held.market limit ${limit}) p
      left join markets.opinion_markets m on m.id = p.market order by p.owner, p.market`,
  );
  const consumer = addresses.opinions.toLowerCase() as Hex;
  // A question has one market, so nothing else says where.
  const held = found.flatMap(({ question, owner: holder, counts }): HeldPosition[] =>
    counts && question !== null ? [{ question, consumer, holder, where: "0x" }] : [],
  );
  const last = found.at(-1);
  return {
    held,
    last: found.length < limit || !last ? undefined : { owner: last.owner, market: last.market },
  };
}

export const opinionPlace = (db: Executor): Promise<OpinionPlace | undefined> =>
  one<OpinionPlace>(db, sql`select owner, market from markets.opinion_sweep`);

/** Undefined: the next block begins anew. */
export async function keepOpinionPlace(db: Executor, place: OpinionPlace | undefined): Promise<void> {
  if (place === undefined) {
    await sql`delete from markets.opinion_sweep`.execute(db);
    return;
  }
  await sql`insert into markets.opinion_sweep (owner, market) values (${place.owner}, ${place.market})
    on conflict (one) do update set owner = excluded.owner, market = excluded.market`.execute(db);
}
