import type { Chain } from "@sooth/chain";
import { one, sql, type Store } from "@sooth/store";

/** Schemas of rows that come from the chain, or speak of it; each is made anew by its migrations. */
const FED_BY_CHAIN = ["markets", "oracle", "chain"];

/**
 * Drops the rows of a chain that is not there any more: a local node that had to start anew, or another one behind the
 * same address. The oldest block that is kept tells, because a reorg never reaches it.
 * @returns true when the tables must be migrated again.
 */
export async function forgetOtherChain(store: Store, hub: Chain): Promise<boolean> {
  const oldest = await one<{ number: number; hash: string }>(
    store.db,
    sql`select number, hash from chain.blocks where chain_id = ${hub.definition.id} order by number limit 1`,
  );
  if (!oldest) return false;
  const head = Number(await hub.client.getBlockNumber());
  const same =
    oldest.number <= head &&
    (await hub.client.getBlock({ blockNumber: BigInt(oldest.number) })).hash === oldest.hash;
  if (same) return false;
  await forgetChainTables(store);
  return true;
}

/** Drops every schema that is fed by the chain, and what the migrator remembers of it. */
export async function forgetChainTables(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    for (const schema of FED_BY_CHAIN) await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(tx);
    await sql`delete from store.migrations where slice = any(${FED_BY_CHAIN})`.execute(tx);
  });
}
