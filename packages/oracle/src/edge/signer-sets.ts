import type { Hex } from "@sooth/kernel";
import { type Executor, one, rows, sql } from "@sooth/store";
import type { Seat, SignerSet } from "../core/index.ts";

/** The signer set of `epoch`, or the latest. Epoch 0 with no seats while there was none. */
export async function signerSet(db: Executor, epoch?: number): Promise<SignerSet> {
  const found = await one<{ epoch: number; totalWeight: bigint }>(
    db,
    sql`select epoch, total_weight as "totalWeight" from oracle.epochs
      where ${epoch === undefined ? sql`true` : sql`epoch = ${epoch}`} order by epoch desc limit 1`,
  );
  if (!found) return { epoch: epoch ?? 0, totalWeight: 0n, seats: [] };
  const seats = await rows<Seat>(
    db,
    sql`select signer, weight from oracle.seats where epoch = ${found.epoch} order by seat`,
  );
  return { ...found, seats };
}

/** Who earns what each key signs. */
export async function ownersOf(db: Executor, signers: readonly string[]): Promise<Map<string, Hex>> {
  const found = await rows<{ signer: string; owner: Hex }>(
    db,
    sql`select signer, owner from oracle.signers where signer = any(${signers.map((signer) => signer.toLowerCase())}::text[])`,
  );
  return new Map(found.map(({ signer, owner }) => [signer, owner]));
}

/** Signing key and whole stake of those whom the next epoch seats. */
export const activeProviders = (db: Executor) =>
  rows<{ signer: Hex; stake: bigint }>(
    db,
    sql`select signer, stake from oracle.providers where state = 'active' order by owner`,
  );
