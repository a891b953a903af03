import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import { claimOf, conflictCall, falsehoodCall, type WireFault } from "../../core/index.ts";
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
        f.batch, f.place, f.other_batch, f.other_place, f.shown
      from bundles.faults f where ${picked}`,
  );
  const ids = [
    ...new Set(found.flatMap((row) => [row.batch, ...(row.other_batch === null ? [] : [row.other_batch])])),
  ];
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

/** The newest first; of one key, or of all. */
export async function listFaults(
  db: Executor,
  { signer, limit }: { signer?: string | undefined; limit: number },
): Promise<WireFault[]> {
  const whose = signer === undefined ? sql`true` : sql`f.signer = ${signer.toLowerCase()}`;
  return faultsWhere(db, sql`${whose} order by f.found_at desc, f.signer, f.kind, f.subject limit ${limit}`);
}
