import type { Address, Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";

export type Signed = { nonce: number; hash: Hex; raw: Hex; atBlock: number };
type Of = { chainId: number; account: Address };

export async function keepSigned(db: Executor, { chainId, account }: Of, signed: Signed): Promise<void> {
  await sql`insert into chain.direct (chain_id, account, nonce, hash, raw, at_block) values (${chainId}, ${account},
    ${signed.nonce}, ${signed.hash}, ${signed.raw}, ${signed.atBlock}) on conflict (hash) do nothing`.execute(
    db,
  );
}

/** The newest one of each nonce from this one on. */
export const signedFrom = (db: Executor, { chainId, account }: Of, nonce: number): Promise<Signed[]> =>
  rows<Signed>(
    db,
    sql`select distinct on (nonce) nonce, hash, raw, at_block as "atBlock" from chain.direct
      where chain_id = ${chainId} and account = ${account} and nonce >= ${nonce} order by nonce, at_block desc`,
  );

/** Of transactions that are mined, and so deep that no reorganisation brings them back. */
export async function forgetSigned(
  db: Executor,
  { chainId, account }: Of,
  below: { nonce: number; block: number },
): Promise<void> {
  await sql`delete from chain.direct where chain_id = ${chainId} and account = ${account} and nonce < ${below.nonce}
    and at_block < ${below.block}`.execute(db);
}
