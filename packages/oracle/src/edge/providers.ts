import { need } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { z } from "zod";
import { domainsOf, familyOf, OracleError, type Placed, type wireProvider } from "../core/index.ts";
import { countProviders, type CountsOf, type ProviderCounts } from "./provider-counts.ts";

type Row = {
  owner: string;
  signer: string;
  stake: bigint;
  state: "active" | "unbonding" | "withdrawn";
  unbonds_at: number | null;
  kinds: number;
  juror: boolean;
  banned: boolean;
  frozen_until: number | null;
  suspended_until: number | null;
  seat: number | null;
  weight: bigint | null;
  credit: bigint | null;
};

export type WireProvider = z.infer<typeof wireProvider>;
/** Where a page ended. `weight` null: among those who hold no seat. */
export type ProviderPlace = { weight: bigint | null; owner: string };
export type ProviderFilter = {
  owner?: string | undefined;
  /** The one who names this key now. */
  signer?: string | undefined;
  /** The last of the page before. */
  after?: ProviderPlace | undefined;
  limit: number;
};
export type ProviderPage = { items: WireProvider[]; next: string | null; totalWeight: bigint };

/** `weight:owner` of the last item of the page before; no weight: it held no seat. @throws oracle.bad_cursor */
export function readProviderCursor(cursor: string): ProviderPlace {
  const found = /^(\d{0,78}):(0x[0-9a-fA-F]{40})$/.exec(cursor);
  if (!found) throw OracleError.bad_cursor({ cursor });
  const [, weight = "", owner = ""] = found;
  return { weight: weight === "" ? null : BigInt(weight), owner: owner.toLowerCase() };
}
const cursorOf = ({ weight, owner }: Row): string => `${weight ?? ""}:${owner}`;

/** Who holds a seat now, in the first domain that seats him: never more than all domains have seats. */
const seated = sql`seated as (
    select distinct on (s.owner) s.owner, seat.seat, seat.weight from generate_series(0, 15) domain(number)
    join lateral (select max(e.epoch) as epoch from oracle.epochs e where e.domain = domain.number) current on true
    join oracle.seats seat on seat.domain = domain.number and seat.epoch = current.epoch
    join oracle.signers s on s.signer = seat.signer
    order by s.owner, seat.domain, seat.seat)`;

/** First those who hold a seat, by weight; then all others, by owner, which is the order of an index. */
function placesOf({ owner, signer, after, limit }: ProviderFilter) {
  if (owner !== undefined || signer !== undefined)
    return sql`select p.owner, seated.seat, seated.weight from oracle.providers p left join seated on seated.owner = p.owner
      where ${owner === undefined ? sql`true` : sql`p.owner = ${owner.toLowerCase()}`}
        and ${
          signer === undefined
            ? sql`true`
            : sql`p.signer = ${signer.toLowerCase()}
                and p.owner = (select s.owner from oracle.signers s where s.signer = ${signer.toLowerCase()})`
        } limit ${limit}`;
  const isSeated =
    after === undefined
      ? sql`true`
      : after.weight === null
        ? sql`false`
        : sql`(weight < ${String(after.weight)} or (weight = ${String(after.weight)} and owner > ${after.owner}))`;
  const others = after === undefined || after.weight !== null ? "" : after.owner;
  return sql`(select owner, seat, weight from seated where ${isSeated} order by weight desc, owner limit ${limit})
    union all
    (select p.owner, null, null from oracle.providers p
      where p.owner > ${others} and not exists (select from seated where seated.owner = p.owner)
      order by p.owner limit ${limit})
    order by weight desc nulls last, owner limit ${limit}`;
}

/** Providers by weight, those without a seat last. Seat and weight are those of the first domain that seats one. */
export async function listProviders(
  db: Executor,
  filter: ProviderFilter,
  countsOf: CountsOf = (owners) => countProviders(db, owners),
): Promise<ProviderPage> {
  const { limit } = filter;
  const [found, total] = await Promise.all([
    rows<Row>(
      db,
      sql`with ${seated}, page as (${placesOf({ ...filter, limit: limit + 1 })})
        select p.owner, p.signer, p.stake, p.state, p.kinds, p.juror, p.banned, p.frozen_until, p.suspended_until,
          p.unbonds_at, page.seat, page.weight, c.credit
        from page join oracle.providers p on p.owner = page.owner left join oracle.credits c on c.account = p.owner
        order by page.weight desc nulls last, p.owner`,
    ),
    one<{ weight: bigint }>(db, sql`with ${seated} select coalesce(sum(weight), 0) as weight from seated`),
  ]);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const counts = await countsOf(shown.map(({ owner }) => owner));
  return {
    items: shown.map((row) => toWire(row, need(counts.get(row.owner), "counts of a provider"))),
    next: last === undefined ? null : cursorOf(last),
    totalWeight: total?.weight ?? 0n,
  };
}

export const providerOf = async (
  db: Executor,
  owner: string,
  countsOf?: CountsOf,
): Promise<WireProvider | undefined> => (await listProviders(db, { owner, limit: 1 }, countsOf)).items[0];

/** Who sits on juries: as many as have a place there, at the most. */
export const placedJurors = (db: Executor): Promise<Placed[]> =>
  rows<Placed>(db, sql`select owner, stake from oracle.providers where juror order by owner`);

const toWire = (row: Row, counts: ProviderCounts): WireProvider => ({
  owner: row.owner,
  signer: row.signer,
  stake: String(row.stake),
  state: row.state,
  domains: domainsOf(row.kinds),
  family: familyOf(row.kinds),
  juror: row.juror,
  banned: row.banned,
  slashed: String(counts.slashed),
  misses: counts.misses,
  frozenUntil: row.frozen_until,
  suspendedUntil: row.suspended_until,
  seat: row.seat,
  weight: String(row.weight ?? 0n),
  unbondsAt: row.unbonds_at,
  reports: counts.reports,
  counted: counts.counted,
  lastReportAt: counts.lastReportAt,
  credit: String(row.credit ?? 0n),
});

/** Collateral that the oracle holds for an account and pays out on demand. */
export async function creditOf(db: Executor, account: string): Promise<bigint> {
  const [held] = await rows<{ credit: bigint }>(
    db,
    sql`select credit from oracle.credits where account = ${account.toLowerCase()}`,
  );
  return held?.credit ?? 0n;
}
