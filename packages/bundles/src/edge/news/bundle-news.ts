import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { BundleEnd, BundleTurn } from "../../core/index.ts";

/** Something that became of a bundle, or that it waits for, for who owns it or pays into it. `at` is a chain's time. */
export type BundleNews = { id: string; at: number; bundle: Hex; owner: Address } & (
  | { kind: "ended"; event: BundleEnd }
  | {
      kind: "turn";
      event: BundleTurn;
      /** Of the one token that is to be paid in or given back; null of anything else, or of several tokens. */
      amount: bigint | null;
      token: Address | null;
    }
);
/** Who is told: whoever has shown that the wallet is his, or anybody, to whom a private bundle's legs are no business. */
export type NewsReader = "wallet" | "anybody";
export type BundleNewsFilter = {
  reader: NewsReader;
  kinds: readonly BundleNews["kind"][];
  before?: { at: number; id: string } | undefined;
  /** Strictly later than that. */
  since?: number | undefined;
  limit: number;
};

/** Of a wallet's bundles the latest: whoever opens them by the thousand reads of the rest on their pages. */
const MOST_BUNDLES = 500;
/** Who opened it himself is about to pay in: he is told when he has not done so by then. Seconds. */
const PAYS_BY = 60;
/** What relayers do unasked they have done by then, seconds after they could: only what still waits is somebody's turn. */
const RELAYED_BY = 600;

/**
 * What a wallet is told of its bundles, latest first, from the rows as they are at `now` (the hub's clock). A turn is gone with what
 * it asked for. Private legs are told of when they were in a transaction, as they are shown, and to anybody nothing is told of their
 * bundles: whether it is half done or still to be undone would tell of legs that nobody has seen; of a bundle that nobody opened in time
 * its owner hears nothing, for whoever wrote that down chose the name, and who is asked to pay hears of it once it is open: that costs
 * who asks. Legs that were handed over name whomever they like for nothing, so they count when a chain knows their bundle.
 */
export async function bundleNews(
  db: Executor,
  wallet: Address,
  { reader, kinds, before, since = 0, limit }: BundleNewsFilter,
  now: number,
): Promise<BundleNews[]> {
  const me = wallet.toLowerCase();
  return rows<BundleNews>(
    db,
    sql`with own as (
        select id from bundles.bundles where owner = ${me} and opened_at <= deadline
          order by opened_block desc, opened_log desc limit ${MOST_BUNDLES}),
      asked as (
        (select id from bundles.bundles
          where mode = 'escrowed' and bundles.payers_of(payloads) @> array[${me}]
          order by opened_block desc, opened_log desc limit ${MOST_BUNDLES})
        union
        (select p.bundle from bundles.payloads p
          where p.header ->> 'mode' = 'escrowed' and bundles.payers_of(p.legs) @> array[${me}]
            and (exists (select 1 from bundles.held h where h.bundle = p.bundle)
              or exists (select 1 from bundles.bundles b where b.id = p.bundle))
          order by p.received_at desc limit ${MOST_BUNDLES})),
      known as (
        select c.id, coalesce(b.owner, lower(p.header ->> 'owner')) as owner, coalesce(b.mode, p.header ->> 'mode') as mode,
            coalesce(b.legs, (p.header ->> 'legs')::int) as wanted, coalesce(b.deadline, (p.header ->> 'deadline')::bigint) as deadline,
            coalesce(b.outcome, 'none') as outcome, b.decided_at, b.base,
            case when b.opened_at <= b.deadline then b.opened_at end as opened_at, coalesce(b.payloads, p.legs) as legs,
            b.payloads is null and coalesce(p.private, true) as private, p.signature is not null as signed
          from (select id from own union select id from asked) c
          left join bundles.bundles b on b.id = c.id left join bundles.payloads p on p.bundle = c.id
          where ${reader === "wallet"} or b.payloads is not null or not coalesce(p.private, true)),
      paying as (
        select k.id, l.place - 1 as place, k.private, k.signed, lower(l.leg ->> 'target') as token,
            (l.leg ->> 'value')::numeric as amount, l.leg ->> 'kind' as kind, h.state
          from known k cross join lateral jsonb_array_elements(k.legs) with ordinality l(leg, place)
          left join bundles.held h on h.bundle = k.id and h.place = l.place - 1 and h.chain_id = (l.leg ->> 'chainId')::bigint
          where k.mode = 'escrowed' and case l.leg ->> 'kind'
            when 'escrow' then bundles.payers_of(jsonb_build_array(l.leg)) @> array[${me}] else k.owner = ${me} end),
      mine as (
        select k.*, k.owner = ${me} and k.opened_at is not null as is_own, h.total, coalesce(h.waiting, 0) as waiting, h.last
          from known k left join lateral (
            select count(*) as total, count(*) filter (where state = 'held') as waiting, max(at) as last
              from bundles.held where bundle = k.id) h on k.mode = 'escrowed'
          where (k.owner = ${me} and k.opened_at is not null)
            or exists (select 1 from paying p where p.id = k.id and p.state is not null)),
      undone as (
        select m.id, l.*, greatest(m.decided_at, l.last, case when l.missing > 0 then m.deadline + ${RELAYED_BY} end) as at
          from mine m cross join lateral (
            select count(*) filter (where o.undoes is null and o.status is null) as missing,
                count(*) filter (where o.undoes is null and o.status = 'ok') as ran,
                count(*) filter (where o.undoes is null and o.status = 'ok' and o.undo is null) as stays,
                count(*) filter (where o.undo = 'due') as due, max(o.at) as last,
                max(o.tried_at) filter (where o.undo = 'due') as tried_at
              from (
                select i.place, m.legs -> i.place ->> 'undoes' as undoes, r.status, r.at, u.undo, u.tried_at
                  from generate_series(0, m.wanted - 1) i(place)
                  left join bundles.receipts r on r.ordinal = m.base + i.place and r.by = 'settler'
                    and (m.legs is null or r.chain_id = (m.legs -> i.place ->> 'chainId')::bigint)
                  left join lateral (
                    select case when ur.status = 'ok' then 'done' else 'due' end as undo,
                        case when t.failures > 0 then t.at end as tried_at
                      from jsonb_array_elements(m.legs) with ordinality c(leg, place)
                      left join bundles.receipts ur on ur.ordinal = m.base + c.place - 1 and ur.by = 'settler'
                        and ur.chain_id = (c.leg ->> 'chainId')::bigint
                      left join bundles.tries t on t.ordinal = m.base + c.place - 1 and t.chain_id = (c.leg ->> 'chainId')::bigint
                      where r.status = 'ok' and (c.leg ->> 'undoes')::int = i.place
                      order by ur.status nulls first limit 1) u on true) o) l
          where m.mode = 'ordered' and m.outcome = 'aborted'),
      news (id, kind, event, at, bundle, owner, amount, token) as (
        select 'bundle:' || id, 'ended', 'completed', decided_at, id, owner, null::numeric, null::text
          from mine where mode = 'ordered' and outcome = 'committed'
        union all
        select 'bundle:' || id, 'ended', case outcome when 'committed' then 'completed' else 'refunded' end,
            greatest(decided_at, last), id, owner, null, null
          from mine where mode = 'escrowed' and outcome in ('committed', 'aborted') and waiting = 0
            and (outcome = 'aborted' or total = wanted)
        union all
        select 'bundle:' || m.id, 'ended', case when u.ran = 0 or m.legs is null then 'called_off'
            when u.stays > 0 then 'half_done' else 'compensated' end, u.at, m.id, m.owner, null, null
          from mine m join undone u on u.id = m.id where u.due = 0 and u.at <= ${now}
        union all
        select 'bundle-undo:' || m.id, 'turn', 'undo', coalesce(u.tried_at, greatest(m.decided_at, u.last) + ${RELAYED_BY}), m.id,
            m.owner, null, null
          from mine m join undone u on u.id = m.id where u.due > 0
        union all
        select 'bundle-pay:' || k.id, 'turn', 'pay', k.opened_at + case when k.owner = ${me} then ${PAYS_BY} else 0 end, k.id,
            k.owner, case when bool_and(p.kind = 'escrow') and count(distinct p.token) = 1 then sum(p.amount) end, min(p.token)
          from known k join paying p on p.id = k.id
          where k.outcome = 'open' and k.opened_at is not null and k.deadline > ${now} and not k.private and p.state is null
            and not (k.owner = ${me} and k.signed)
            and not exists (select 1 from bundles.payers y where y.bundle = k.id and y.place = p.place)
          group by k.id, k.opened_at, k.owner
        union all
        select 'bundle-back:' || m.id, 'turn', 'give_back', coalesce(m.decided_at, m.deadline) + ${RELAYED_BY}, m.id, m.owner,
            case when bool_and(p.kind = 'escrow') and count(distinct p.token) = 1 then sum(p.amount) end, min(p.token)
          from mine m join paying p on p.id = m.id where p.state = 'held' and m.outcome <> 'committed'
          group by m.id, m.owner, m.decided_at, m.deadline
        union all
        select 'bundle-out:' || id, 'turn', 'pay_out', decided_at + ${RELAYED_BY}, id, owner, null, null
          from mine where mode = 'escrowed' and outcome = 'committed' and waiting > 0
        union all
        select 'bundle-off:' || m.id, 'turn', 'call_off', m.deadline + ${RELAYED_BY}, m.id, m.owner, null, null
          from mine m where m.outcome = 'open' and m.is_own
            and not exists (select 1 from paying p where p.id = m.id and p.state = 'held'))
      select id, kind, event, at, bundle, owner, amount, case when amount is null then null else token end as token from news
      where kind = any(${kinds}::text[]) and at > ${since} and (kind = 'ended' or at <= ${now})
        and ${before === undefined ? sql`true` : sql`(at, id collate "C") < (${before.at}, ${before.id})`}
      order by at desc, id collate "C" desc limit ${limit}`,
  );
}
