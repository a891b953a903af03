import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { z } from "zod";
import { BundlesError, claimOf, conflictCall, falsehoodCall, type WireFault } from "../../core/index.ts";
import { partsWhere, type StoredPart } from "./signed-batches.ts";

export type FaultState = "found" | "sent" | "punished" | "refused";
/** What speaks against a key. `data`: what the slasher is to be sent; null where no contract can see it. */
export type StoredFault = {
  signer: Address;
  kind: string;
  subject: string;
  how: "conflict" | "false" | "unproven";
  state: FaultState;
  why: string | null;
  foundAt: number;
  /** The same to the microsecond, as the database writes it: where a page ended. */
  at: string;
  data: Hex | null;
};

type Row = Omit<StoredFault, "data"> & {
  batch: number;
  place: number;
  other_batch: number | null;
  other_place: number | null;
  shown: Hex | null;
};

/** Rows of `bundles.faults f` that this picks, each with its proof. */
export async function faultsWhere(db: Executor, picked: ReturnType<typeof sql>): Promise<StoredFault[]> {
  const found = await rows<Row>(
    db,
    sql`select f.signer, f.kind, f.subject, f.how, f.state, f.why, extract(epoch from f.found_at)::bigint as "foundAt",
        f.found_at::text as at, f.batch, f.place, f.other_batch, f.other_place, f.shown
      from bundles.faults f where ${picked}`,
  );
  const proofs = found.filter(({ how }) => how !== "unproven");
  const ids = [...new Set(proofs.flatMap(({ batch, other_batch }) => [batch, other_batch ?? batch]))];
  const parts = new Map(
    (await partsWhere(db, sql`b.id = any(${ids}::bigint[])`)).map((part) => [part.id, part]),
  );
  return found.map(({ batch, place, other_batch, other_place, shown, ...fault }) => {
    const one = said(parts.get(batch), place, fault.signer);
    const other = other_batch === null ? null : said(parts.get(other_batch), other_place ?? 0, fault.signer);
    return { ...fault, data: proofOf(fault.how, one, other, shown ?? "0x") };
  });
}

type Said = { claim: ReturnType<typeof claimOf>; signature: Hex } | null;

function said(stored: StoredPart | undefined, place: number, signer: Address): Said {
  const signature = stored?.signers.find((each) => each.signer === signer)?.signature;
  return stored && signature !== undefined ? { claim: claimOf(stored.part, place), signature } : null;
}

function proofOf(how: StoredFault["how"], one: Said, other: Said, shown: Hex): Hex | null {
  if (one === null) return null;
  if (how === "false") return falsehoodCall(one.claim, shown, one.signature);
  if (how === "unproven" || other === null) return null;
  return conflictCall(one.claim, other.claim, [one.signature, other.signature]);
}

/** `open`: whatever nobody was punished for yet. */
export const ASKED_STATES = ["open", "found", "sent", "punished", "refused"] as const;
type Asked = {
  signer?: string | undefined;
  state?: (typeof ASKED_STATES)[number] | undefined;
  provable?: boolean | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** The newest first, a page at a time; of one key, or of all. @throws bundles.bad_cursor */
export async function listFaults(
  db: Executor,
  { signer, state, provable, cursor, limit }: Asked,
): Promise<{ faults: WireFault[]; next: string | null }> {
  const whose = signer === undefined ? sql`true` : sql`f.signer = ${signer.toLowerCase()}`;
  const stands =
    state === undefined ? sql`true` : state === "open" ? sql`f.state <> 'punished'` : sql`f.state = ${state}`;
  const proved =
    provable === undefined ? sql`true` : provable ? sql`f.how <> 'unproven'` : sql`f.how = 'unproven'`;
  const after = cursor === undefined ? undefined : placeIn(cursor);
  const behind = after
    ? sql`(f.found_at, f.signer, f.kind, f.subject) < (${after[0]}::timestamptz, ${after[1]}, ${after[2]}, ${after[3]})`
    : sql`true`;
  const found = await faultsWhere(
    db,
    sql`${whose} and ${stands} and ${proved} and ${behind}
      order by f.found_at desc, f.signer desc, f.kind desc, f.subject desc limit ${limit + 1}`,
  );
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const next = last
    ? Buffer.from(JSON.stringify([last.at, last.signer, last.kind, last.subject])).toString("base64url")
    : null;
  return { faults: page.map(withoutPlace), next };
}

function withoutPlace(fault: StoredFault): WireFault {
  const { at: _at, ...shown } = fault;
  return shown;
}

const place = z.tuple([
  z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/),
  z.string(),
  z.string(),
  z.string(),
]);

function placeIn(cursor: string): z.infer<typeof place> {
  const parsed = place.safeParse(parse(cursor));
  if (!parsed.success) throw BundlesError.bad_cursor({ cursor: cursor.slice(0, 80) });
  return parsed.data;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined; // fits no shape, and is refused as a bad cursor
  }
}
