import type { Address } from "@sooth/kernel";
import { type Executor, openStore, rows, sql, type Store } from "@sooth/store";
import { type Chain, type LogHandlers, logHandlers } from "../src/index.ts";
import { emitterAbi } from "./emitter.ts";

/** Tables of a slice that lives for tests: rows are added, changed and deleted, with every kind of column that slices use. */
export async function createCountingTables(db: Executor): Promise<void> {
  await sql
    .raw(
      `create schema counting;
      create table counting.counted (
        id numeric(78, 0) primary key, by text not null, value numeric(78, 0) not null, text text not null,
        block bigint not null, mark bytea, trail text[] not null default '{}',
        doubled numeric(78, 0) generated always as (value * 2) stored, seen jsonb not null);
      create table counting.accounts (chain bigint, by text, total numeric(78, 0) not null, primary key (chain, by));
      select chain.track('counting.counted');
      select chain.track('counting.accounts')`,
    )
    .execute(db);
}

export const countingHandlers = (address: Address): LogHandlers =>
  logHandlers({
    address,
    abi: emitterAbi,
    on: {
      Counted: async (tx, logs) => {
        for (const { args, block, logIndex } of logs) {
          await sql`insert into counting.counted (id, by, value, text, block, trail, seen)
            values (${String(args.id)}, ${args.by.toLowerCase()}, ${String(args.value)}, ${args.text}, ${block.number},
              ${[block.hash, 'a,"b\\']}::text[], ${JSON.stringify({ logIndex, at: block.timestamp })}::jsonb)`.execute(
            tx,
          );
          await sql`insert into counting.accounts values (${block.chainId}, ${args.by.toLowerCase()}, ${String(args.value)})
            on conflict (chain, by) do update set total = counting.accounts.total * 3 % 1000003 + excluded.total`.execute(
            tx,
          );
        }
      },
      Marked: async (tx, logs) => {
        for (const { args } of logs) {
          await sql`update counting.counted set mark = decode(substr(${args.mark}, 3), 'hex'), trail = trail || array['marked']
            where id = ${String(args.id)}`.execute(tx);
          await sql`delete from counting.counted where id = ${String(args.id - 3n)}`.execute(tx);
        }
      },
    },
  });

/** All rows, in an order of their own: equal dumps are equal tables. */
export async function dump(store: Store): Promise<{ counted: unknown[]; accounts: unknown[] }> {
  return {
    counted: await rows(store.db, sql`select to_jsonb(c) as row from counting.counted c order by id`),
    accounts: await rows(
      store.db,
      sql`select to_jsonb(a) as row from counting.accounts a order by chain, by`,
    ),
  };
}

/** Resolves once the store's cursor is the chain's head, by hash. */
export async function caughtUp(store: Store, chain: Chain, withinMs = 180_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const [cursor] = await rows<{ number: number; hash: string }>(
      store.db,
      sql`select number, hash from chain.cursors where chain_id = ${chain.definition.id}`,
    );
    const head = await chain.client.getBlock({ blockTag: "latest" });
    if (cursor?.hash === head.hash) return;
    if (performance.now() > deadline)
      throw new Error(
        `follower is at ${cursor?.number} ${cursor?.hash}, the chain at ${head.number} ${head.hash}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const openTestStore = (url: string): Store => openStore({ url, max: 5 });
