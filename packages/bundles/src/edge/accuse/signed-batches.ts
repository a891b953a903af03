import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import {
  type Brought,
  factFromWire,
  factToWire,
  partHash,
  type SignedPart,
  type WireFact,
} from "../../core/index.ts";

/** A part of a batch as it was written down. */
export type StoredPart = {
  id: number;
  part: SignedPart;
  signers: readonly { signer: Hex; signature: Hex }[];
};

/** Writes down what was signed. The same again, by others, adds them, and has all of it looked at anew. */
export async function keepSigned(db: Executor, found: readonly Brought[]): Promise<void> {
  if (found.length === 0) return;
  const parts = joined(found).map(({ part, signers }) => ({
    root: part.root,
    epoch: part.epoch,
    valid_until: part.validUntil,
    part: partHash(part.facts),
    facts: part.facts.map(factToWire),
    path: part.path,
    flags: part.flags,
    signers: signers.map(({ signer }) => signer.toLowerCase()),
    signatures: signers.map(({ signature }) => signature),
  }));
  await sql`insert into bundles.signed_batches as b (root, epoch, valid_until, part, facts, path, flags, signers, signatures)
    select root, epoch, valid_until, part, facts, path, flags, signers, signatures
    from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as o (root text, epoch bigint, valid_until bigint, part text,
      facts jsonb, path text[], flags boolean[], signers text[], signatures text[])
    on conflict (root, epoch, valid_until, part) do update
      set (signers, signatures) = (select array_agg(signer order by signer), array_agg(signature order by signer) from (
          select distinct on (signer) signer, signature from (
            select 1 as turn, * from unnest(b.signers, b.signatures) as known (signer, signature) union all
            select 2, * from unnest(excluded.signers, excluded.signatures) as more (signer, signature)) as every
          order by signer, turn) as one_each),
        compared = false, judged_hub = false, judged_legs = false, heads = '{}'
      where not b.signers @> excluded.signers`.execute(db);
}

/** Parts that came several times as one each: a statement may touch a row once. */
function joined(found: readonly Brought[]): Brought[] {
  const parts = new Map<string, Brought>();
  for (const { part, signers } of found) {
    const key = `${part.root} ${part.epoch} ${part.validUntil} ${partHash(part.facts)}`;
    const known = parts.get(key);
    const all = [...(known?.signers ?? []), ...signers];
    const each = new Map(all.map((one) => [one.signer.toLowerCase(), one]));
    parts.set(key, { part: known?.part ?? part, signers: [...each.values()] });
  }
  return [...parts.values()];
}

type Row = {
  id: number;
  root: Hex;
  epoch: number;
  valid_until: number;
  facts: WireFact[];
  path: Hex[];
  flags: boolean[];
  signers: Hex[];
  signatures: Hex[];
};

/** Rows of `bundles.signed_batches b` that this picks. */
export async function partsWhere(db: Executor, picked: ReturnType<typeof sql>): Promise<StoredPart[]> {
  const found = await rows<Row>(
    db,
    sql`select b.id, b.root, b.epoch, b.valid_until, b.facts, b.path, b.flags, b.signers, b.signatures
      from bundles.signed_batches b where ${picked}`,
  );
  return found.map(
    ({ id, root, epoch, valid_until: validUntil, facts, path, flags, signers, signatures }) => ({
      id,
      part: { root, epoch, validUntil, facts: facts.map(factFromWire), path, flags },
      signers: signers.map((signer, index) => ({ signer, signature: signatures[index] ?? "0x" })),
    }),
  );
}
