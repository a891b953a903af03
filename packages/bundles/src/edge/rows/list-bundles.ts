import { type Executor, rows, sql } from "@sooth/store";
import type { Mode, Outcome, WireBundleStatus } from "../../core/index.ts";

export type BundleFilter = {
  owner?: string;
  mode?: Mode;
  status?: WireBundleStatus["kind"];
  chain?: number;
};
export type Place = { block: number; log: number };

/** Outcomes and modes that a status can have: what it is besides only the whole bundle tells. */
const OF_STATUS: Record<WireBundleStatus["kind"], { outcome: Outcome; mode?: Mode }[]> = {
  unopened: [],
  buffered: [{ outcome: "open", mode: "ordered" }],
  ready: [{ outcome: "open", mode: "ordered" }],
  running: [{ outcome: "open", mode: "ordered" }],
  compensating: [{ outcome: "aborted", mode: "ordered" }],
  stuck: [{ outcome: "aborted", mode: "ordered" }],
  compensated: [{ outcome: "aborted", mode: "ordered" }],
  preparing: [{ outcome: "open", mode: "escrowed" }],
  prepared: [{ outcome: "open", mode: "escrowed" }],
  decided: [
    { outcome: "committed", mode: "escrowed" },
    { outcome: "aborted", mode: "escrowed" },
  ],
  refunded: [{ outcome: "aborted", mode: "escrowed" }],
  completed: [{ outcome: "committed" }],
};

/** Bundles that the hub opened, latest first: their ids and places. */
export async function listIds(
  db: Executor,
  filter: BundleFilter,
  before: Place | undefined,
  limit: number,
): Promise<({ id: string } & Place)[]> {
  const { owner, mode, status, chain } = filter;
  const states = status && OF_STATUS[status];
  const conditions = [
    // Later it was only written down that nobody opened it: whoever it names as its owner may never have signed it.
    sql`b.opened_at <= b.deadline`,
    ...(owner === undefined ? [] : [sql`b.owner = ${owner.toLowerCase()}`]),
    ...(mode === undefined ? [] : [sql`b.mode = ${mode}`]),
    ...(states === undefined
      ? []
      : [
          sql`(${sql.join(
            [
              sql`false`,
              ...states.map(
                (one) => sql`(b.outcome = ${one.outcome} and b.mode = ${one.mode ?? sql`b.mode`})`,
              ),
            ],
            sql` or `,
          )})`,
        ]),
    ...(chain === undefined ? [] : [onChain(chain)]),
    ...(before === undefined ? [] : [sql`(b.opened_block, b.opened_log) < (${before.block}, ${before.log})`]),
  ];
  return rows(
    db,
    sql`select b.id, b.opened_block as block, b.opened_log as log from bundles.bundles b
      where ${sql.join(conditions, sql` and `)}
      order by b.opened_block desc, b.opened_log desc limit ${limit}`,
  );
}

/** By what everybody can know: legs that were logged, and legs that were seen. Private ones betray no chain. */
const onChain = (chain: number) => sql`(
  b.payloads @> ${JSON.stringify([{ chainId: chain }])}::jsonb
  or exists (select 1 from bundles.receipts r
    where r.ordinal >= b.base and r.ordinal < b.base + b.legs and r.chain_id = ${chain})
  or exists (select 1 from bundles.held h where h.bundle = b.id and h.chain_id = ${chain})
  or exists (select 1 from bundles.payloads p
    where p.bundle = b.id and not p.private and p.legs @> ${JSON.stringify([{ chainId: chain }])}::jsonb))`;
