import type { Chain } from "@sooth/chain";
import { one, sql, type Store } from "@sooth/store";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Schemas of rows that come from the chain, or speak of it; each is made anew by its migrations. */
const FED_BY_CHAIN = ["bundles", "markets", "oracle", "chain"];

/**
 * Drops the rows of a chain that is not there any more: a local node that had to start anew, or another one behind the
 * same address. The first block tells, because no reorg reaches it: its hash is kept in the data folder, and where that
 * is new, the oldest row speaks.
 * @returns true when the tables must be migrated again.
 */
export async function forgetOtherChain(store: Store, hub: Chain, dataDir: string): Promise<boolean> {
  const file = path.join(dataDir, "hub-genesis");
  const genesis = await hashAt(hub, 0);
  const known = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const same = known === undefined ? await oldestRowStands(store, hub) : known === genesis;
  writeFileSync(file, genesis);
  if (same) return false;
  await forgetChainTables(store);
  return true;
}

async function oldestRowStands(store: Store, hub: Chain): Promise<boolean> {
  const oldest = await one<{ number: number; hash: string }>(
    store.db,
    sql`select number, hash from chain.blocks where chain_id = ${hub.definition.id} order by number limit 1`,
  );
  if (!oldest) return true;
  const head = Number(await hub.client.getBlockNumber({ cacheTime: 0 }));
  return oldest.number <= head && (await hashAt(hub, oldest.number)) === oldest.hash;
}

const hashAt = async (hub: Chain, number: number): Promise<string> =>
  (await hub.client.getBlock({ blockNumber: BigInt(number) })).hash;

/** Drops every schema that is fed by the chain, and what the migrator remembers of it. */
export async function forgetChainTables(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    for (const schema of FED_BY_CHAIN) await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(tx);
    await sql`delete from store.migrations where slice = any(${FED_BY_CHAIN})`.execute(tx);
  });
}
