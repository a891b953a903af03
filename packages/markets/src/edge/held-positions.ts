import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { judgingAccounts, sweepPositions } from "@sooth/oracle";
import type { HeldPosition } from "@sooth/oracle/core";
import { type Executor, one, rows, sql } from "@sooth/store";
import { positionPlace } from "../core/index.ts";
import type { Deps } from "./deps.ts";
import {
  keepOpinionPlace,
  opinionPlace,
  type OpinionPlace,
  opinionsHeldBy,
} from "./opinions/held-opinions.ts";
import { marketsByIds } from "./market-rows.ts";

/** Positions of those who judge that are looked at at once, and how often that is done in a block. */
const AT_ONCE = 500;
const PAGES_A_BLOCK = 4;
/** How long after its end a market is looked at: a lost position stands for ever. */
const AFTER_END_SECONDS = 86_400;

type Place = { owner: Hex; market: Hex; outcome: number };

/**
 * Of what these accounts ever held, `limit` rows behind `after` in the order of their names, and of them what is unpaid in
 * markets that have not ended long ago. Rows that count no more are passed over but counted, or a page could cost any number.
 */
export async function positionsHeldBy(
  { store: { db }, addresses }: { store: { db: Executor }; addresses: Pick<Deps["addresses"], "markets"> },
  accounts: readonly Hex[],
  { now, after, limit = AT_ONCE }: { now: number; after?: Place | undefined; limit?: number },
): Promise<{ held: HeldPosition[]; last: Place | undefined }> {
  const from = after ?? { owner: "", market: "", outcome: 0 };
  const found = await rows<Place & { counts: boolean }>(
    db,
    sql`select p.owner, p.market, p.outcome, p.paid is null and m.ends_at > ${now - AFTER_END_SECONDS} as counts
      from (select held.* from unnest(${[...accounts]}::text[]) as account
        cross join lateral (select owner, market, outcome, paid from markets.positions where owner = account
          and (account > ${from.owner} or (market, outcome) > (${from.market}, ${from.outcome}))
          order by market, outcome limit ${limit}) held
        where account >= ${from.owner} order by held.owner, held.market, held.outcome limit ${limit}) p
      join markets.markets m on m.id = p.market order by p.owner, p.market, p.outcome`,
  );
  const counting = found.filter(({ counts }) => counts);
  const markets = await marketsByIds(
    db,
    counting.map(({ market }) => market),
  );
  const held = counting.flatMap(({ market, outcome, owner: holder }): HeldPosition[] => {
    const terms = markets.get(market)?.terms;
    if (!terms) return [];
    const where = positionPlace(terms, outcome);
    return [{ question: terms.question, consumer: addresses.markets, holder, where }];
  });
  return { held, last: found.length < limit ? undefined : found.at(-1) };
}

/**
 * Has the oracle told who judges what he has a stake in here. A block looks at some thousand of them at most and the next goes on
 * behind, so that many tiny stakes cost no block more, and hide nobody's for longer than a round takes.
 */
export async function sweepHeld(
  deps: Deps,
  head: BlockRef,
  { atOnce = AT_ONCE, pages = PAGES_A_BLOCK }: { atOnce?: number; pages?: number } = {},
): Promise<void> {
  const { db } = deps.store;
  const accounts = [...(await judgingAccounts(db)).keys()];
  const some = { now: head.timestamp, limit: atOnce };
  const opinions: Walk<OpinionPlace> = {
    begun: await opinionPlace(db),
    look: (after) => opinionsHeldBy(deps, accounts, { ...some, after }),
    keep: (place) => keepOpinionPlace(db, place),
  };
  await walk(deps, head, pages, opinions);
  const positions: Walk<Place> = {
    begun: await placeOf(db),
    look: (after) => positionsHeldBy(deps, accounts, { ...some, after }),
    keep: (place) => keepPlace(db, place),
  };
  await walk(deps, head, pages, positions);
}

/** One round over all that somebody holds: where it stands, what follows there, and how the new place is kept. */
type Walk<P> = {
  begun: P | undefined;
  look(after: P | undefined): Promise<{ held: HeldPosition[]; last: P | undefined }>;
  keep(place: P | undefined): Promise<void>;
};

async function walk<P>(
  deps: Deps,
  head: BlockRef,
  pages: number,
  { begun, look, keep }: Walk<P>,
): Promise<void> {
  let after = begun;
  for (let page = 0; page < pages; page += 1) {
    const { held, last } = await look(after);
    await sweepPositions(deps, held, head);
    after = last;
    if (last === undefined) break;
  }
  if (begun !== undefined || after !== undefined) await keep(after);
}

const placeOf = (db: Executor): Promise<Place | undefined> =>
  one<Place>(db, sql`select owner, market, outcome from markets.position_sweep`);

/** Undefined: the next block begins anew. */
async function keepPlace(db: Executor, place: Place | undefined): Promise<void> {
  if (place === undefined) {
    await sql`delete from markets.position_sweep`.execute(db);
    return;
  }
  const { owner, market, outcome } = place;
  await sql`insert into markets.position_sweep (owner, market, outcome) values (${owner}, ${market}, ${outcome})
    on conflict (one) do update set owner = excluded.owner, market = excluded.market, outcome = excluded.outcome`.execute(
    db,
  );
}
