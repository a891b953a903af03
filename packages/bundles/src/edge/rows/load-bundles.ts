import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Bundle,
  type Leg,
  legFromWire,
  legHash,
  type LegShown,
  type LegStatus,
  type Mode,
  NO_RESULT,
  NOBODY,
  type Outcome,
  type WireBundle,
  bundleFromWire,
  type WireLeg,
} from "../../core/index.ts";
import type { LegWait } from "../logs/settler-logs.ts";

/** What the rows of its chain say of one leg. */
export type LegRow = LegShown & {
  /** Where something was seen of it; null: nowhere yet. */
  chainId: number | null;
  /** As its escrow holds it; the header's own where the hashes are known. */
  hash: Hex | null;
  returned: Hex | null;
  transaction: Hex | null;
  block: number | null;
  at: number | null;
  /** When an escrow took it in. */
  held: { at: number; transaction: Hex } | null;
  /** How often it was brought and left alone, and why last. */
  skips: number;
  wait: LegWait | null;
};

export type Opening = {
  chainId: number;
  base: bigint;
  at: number;
  transaction: Hex;
  block: number;
  log: number;
};
export type Share = {
  place: number;
  relayer: Address | null;
  amount: bigint;
  epoch: number;
  toAttesters: bigint;
};

/** A bundle as rows tell it: what the hub's logs say, what its legs' chains say, and what its owner handed over. */
export type StoredBundle = {
  id: Hex;
  bundle: Bundle;
  /** Wei, with what was added since. */
  fee: bigint;
  /** Null: the hub has not opened it. */
  opening: Opening | null;
  outcome: Outcome;
  decided: { at: number; transaction: Hex } | null;
  reclaimed: bigint | null;
  /** Null while nobody has handed them over. */
  legs: readonly Leg[] | null;
  hashes: readonly Hex[] | null;
  /** Shown to relayers alone, each leg until it ran. */
  isPrivate: boolean;
  /** Of the owner, when others may open it. */
  signature: Hex | null;
  shares: readonly Share[];
  shown: readonly LegRow[];
};

type HubRow = {
  id: Hex;
  chain_id: number;
  owner: Address;
  mode: Mode;
  legs: number;
  deadline: number;
  legs_hash: Hex;
  signed_fee: bigint;
  fee: bigint;
  salt: bigint;
  base: bigint;
  payloads: WireLeg[] | null;
  opened_at: number;
  opened_block: number;
  opened_log: number;
  opened_tx: Hex;
  outcome: Outcome;
  decided_at: number | null;
  decided_tx: Hex | null;
  reclaimed: bigint | null;
};
type PayloadRow = {
  bundle: Hex;
  header: WireBundle;
  hashes: Hex[];
  legs: WireLeg[];
  private: boolean;
  signature: Hex | null;
};
type ReceiptRow = {
  bundle: Hex;
  place: number;
  chainId: number;
  by: "settler" | "escrow";
  status: LegStatus;
  result: Hex;
  relayer: Address;
  block: number;
  at: number;
  tx: Hex;
  returned: Hex | null;
};
type TryRow = {
  bundle: Hex;
  place: number;
  chainId: number;
  failures: number;
  skips: number;
  wait: LegWait | null;
};
type HeldRow = {
  bundle: Hex;
  place: number;
  chainId: number;
  leg: Hex;
  state: "held" | "paid" | "given_back" | "taken_back";
  failures: number;
  preparedAt: number;
  preparedTx: Hex;
  block: number;
  at: number;
  tx: Hex;
};

/** Those of `ids` of which the hub, an escrow's payer or an owner has said the header; in the order of `ids`. */
export async function loadBundles(db: Executor, ids: readonly string[]): Promise<StoredBundle[]> {
  if (ids.length === 0) return [];
  const wanted = sql`${ids}::text[]`;
  const [hub, payloads, receipts, tries, held, shares] = await Promise.all([
    rows<HubRow>(db, sql`select * from bundles.bundles where id = any(${wanted})`),
    rows<PayloadRow>(db, sql`select * from bundles.payloads where bundle = any(${wanted})`),
    rows<ReceiptRow>(
      db,
      sql`select b.id as bundle, (r.ordinal - b.base)::int as place, r.chain_id as "chainId", r.by, r.status, r.result,
          r.relayer, r.block, r.at, r.tx, d.data as returned
        from bundles.bundles b
        join bundles.receipts r on r.ordinal >= b.base and r.ordinal < b.base + b.legs
        left join bundles.returned d on d.chain_id = r.chain_id and d.ordinal = r.ordinal and r.by = 'settler'
        where b.id = any(${wanted}) order by r.block, r.log`,
    ),
    rows<TryRow>(
      db,
      sql`select b.id as bundle, (t.ordinal - b.base)::int as place, t.chain_id as "chainId", t.failures, t.skips, t.wait
        from bundles.bundles b
        join bundles.tries t on t.ordinal >= b.base and t.ordinal < b.base + b.legs
        where b.id = any(${wanted})`,
    ),
    rows<HeldRow>(
      db,
      sql`select bundle, place, chain_id as "chainId", leg, state, failures,
          prepared_at as "preparedAt", prepared_tx as "preparedTx", block, at, tx
        from bundles.held where bundle = any(${wanted})`,
    ),
    rows<Share & { bundle: Hex }>(
      db,
      sql`select bundle, place, relayer, amount, epoch, to_attesters as "toAttesters"
        from bundles.shares where bundle = any(${wanted}) order by place`,
    ),
  ]);
  const found = { hub, payloads, receipts, tries, held, shares };
  return ids.flatMap((id) => assemble(id.toLowerCase() as Hex, found) ?? []);
}

type Found = {
  hub: HubRow[];
  payloads: PayloadRow[];
  receipts: ReceiptRow[];
  tries: TryRow[];
  held: HeldRow[];
  shares: (Share & { bundle: Hex })[];
};

function assemble(id: Hex, found: Found): StoredBundle | undefined {
  const row = found.hub.find((one) => one.id === id);
  const handed = found.payloads.find((one) => one.bundle === id);
  const bundle = row ? bundleOf(row) : handed && bundleFromWire(handed.header);
  if (!bundle) return undefined;
  const isLogged = row !== undefined && row.payloads !== null;
  const legs = (row?.payloads ?? handed?.legs)?.map(legFromWire) ?? null;
  const hashes = legs?.map(legHash) ?? null;
  const places = Array.from({ length: bundle.legs }, (_, place) => place);
  return {
    id,
    bundle,
    fee: row?.fee ?? bundle.fee,
    opening: row ? openingOf(row) : null,
    outcome: row?.outcome ?? "none",
    decided: row?.decided_at && row.decided_tx ? { at: row.decided_at, transaction: row.decided_tx } : null,
    reclaimed: row?.reclaimed ?? null,
    legs,
    hashes,
    isPrivate: !isLogged && (handed?.private ?? true),
    signature: handed?.signature ?? null,
    shares: found.shares.filter((one) => one.bundle === id),
    shown: places.map((place) =>
      legRow(found, { id, mode: bundle.mode, place, leg: legs?.[place], hash: hashes?.[place] }),
    ),
  };
}

const bundleOf = (row: HubRow): Bundle => ({
  owner: row.owner,
  mode: row.mode,
  legs: row.legs,
  deadline: row.deadline,
  legsHash: row.legs_hash,
  fee: row.signed_fee,
  salt: row.salt,
});

const openingOf = (row: HubRow): Opening => ({
  chainId: row.chain_id,
  base: row.base,
  at: row.opened_at,
  transaction: row.opened_tx,
  block: row.opened_block,
  log: row.opened_log,
});

/** Of a leg of which no chain says anything. */
export const NOTHING_SEEN: LegRow = {
  state: "none",
  result: NO_RESULT,
  relayer: NOBODY,
  failures: 0,
  chainId: null,
  hash: null,
  returned: null,
  transaction: null,
  block: null,
  at: null,
  held: null,
  skips: 0,
  wait: null,
};

type Which = { id: Hex; mode: Mode; place: number; leg: Leg | undefined; hash: Hex | undefined };

function legRow(found: Found, which: Which): LegRow {
  const { id, mode, place, leg, hash } = which;
  const isIts = (one: { bundle: Hex; place: number; chainId: number }) =>
    one.bundle === id && one.place === place && (leg === undefined || one.chainId === leg.chainId);
  const receipt = found.receipts.find(
    (one) => isIts(one) && one.by === (mode === "escrowed" ? "escrow" : "settler"),
  );
  const tried = found.tries.find(isIts);
  const held = found.held.find((one) => isIts(one) && (hash === undefined || one.leg === hash));
  const seen = held ?? receipt;
  return {
    state: mode === "escrowed" ? heldState(held) : (receipt?.status ?? "none"),
    result: receipt?.result ?? NO_RESULT,
    relayer: receipt?.relayer ?? NOBODY,
    failures: (tried?.failures ?? 0) + (held?.failures ?? 0),
    chainId: seen?.chainId ?? tried?.chainId ?? null,
    hash: hash ?? held?.leg ?? null,
    returned: receipt?.returned ?? null,
    transaction: seen?.tx ?? null,
    block: seen?.block ?? null,
    at: seen?.at ?? null,
    held: held ? { at: held.preparedAt, transaction: held.preparedTx } : null,
    skips: tried?.skips ?? 0,
    wait: tried?.wait ?? null,
  };
}

function heldState(held: HeldRow | undefined): LegShown["state"] {
  if (held === undefined) return "none";
  switch (held.state) {
    case "paid":
      return "ok";
    case "given_back":
      return "cancelled";
    default:
      return held.state;
  }
}
