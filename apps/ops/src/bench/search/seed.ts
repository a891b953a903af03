import { type Hex, need } from "@sooth/kernel";
import { markets } from "@sooth/markets";
import { textHash } from "@sooth/markets/core";
import { bundles } from "@sooth/bundles";
import { chainMigrations } from "@sooth/chain";
import { oracle } from "@sooth/oracle";
import { migrate, sql, type Store, storeMigrations } from "@sooth/store";
import { numberToHex } from "viem";

const LOCAL_HUB = 31_337;
/** Far from now: every market is open. */
const CLOSES_AT = 4_000_000_000;
const idOf = (market: number): Hex => numberToHex(market + 1, { size: 32 });
export const marketOf = (id: string): number => Number(BigInt(id)) - 1;

/** Empty tables of all slices that searching reads. */
export async function openTables(store: Store): Promise<void> {
  const slices = [chainMigrations, oracle.migrations, bundles.migrations, markets.migrations];
  await migrate(store, [storeMigrations, ...slices]);
}

/** Rows as logs would leave them, of what a search looks at. */
export async function putUp(store: Store, statements: readonly string[]): Promise<void> {
  const ids = statements.map((_, market) => idOf(market));
  await sql`insert into markets.opinion_markets (id, chain_id, question, statement_hash, rubric, creator, closes_at, reveal_seconds,
      quiet_seconds, fee_bps, prize_bps, prizes, min_confidence, rule, least_stake, most_stake, quiet_most, statement, search,
      announced_at, announced_block, announced_log, announced_tx, answer, final_at)
    select id, ${LOCAL_HUB}, id, id, id, left(id, 42), ${CLOSES_AT}, 0, 0, 0, 0, 0, 0, 'fourth', 1, 1, 1, statement, lower(statement),
      0, 1, place, id, 'open', 0
    from unnest(${ids}::text[], ${statements}::text[]) with ordinality as m(id, statement, place)`.execute(
    store.db,
  );
  await sql`insert into markets.opinion_books (market, staked, opinions, hidden, hidden_count, volume, count)
    select id, array_fill(0, array[21]), array_fill(0, array[21]), 0, 0, 0, 0 from unnest(${ids}::text[]) as m(id)`.execute(
    store.db,
  );
}

/** Texts of a market, after the `before` that it has. */
export async function argue(
  store: Store,
  market: number,
  texts: readonly string[],
  before: number,
): Promise<void> {
  need(texts[0], "texts");
  const hashes = texts.map((text) => textHash(text));
  await sql`insert into markets.contents (sha256, kind, size, bytes)
    select hash, 'opinion', length(text), convert_to(text, 'UTF8') from unnest(${hashes}::text[], ${texts}::text[]) as t(hash, text)
    on conflict do nothing`.execute(store.db);
  await sql`insert into markets.opinions (market, owner, number, band, amount, opinion, at, block, log, tx)
    select ${idOf(market)}, '0x' || lpad(to_hex(place + ${before}::int), 40, '0'), place + ${before}::int, 1, 1, hash, 0, 1, 0, ''
    from unnest(${hashes}::text[]) with ordinality as t(hash, place)`.execute(store.db);
}
