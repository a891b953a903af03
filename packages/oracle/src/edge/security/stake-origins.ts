import { testDollarAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { type Executor, rows, sql } from "@sooth/store";
import type { WorkerDeps } from "../deps.ts";

/** How far back from the joining a transfer is looked for, in blocks: more is refused by many nodes. */
const LOOK_BACK = 5_000n;
/** Owners looked up in one run. */
const AT_ONCE = 4;

/** Where the stakes came from, by owner in lower case; whose origin the chain does not show is left out. */
export async function stakeOrigins(db: Executor): Promise<Map<string, string>> {
  const found = await rows<{ owner: string; origin: string }>(
    db,
    sql`select owner, origin from oracle.stake_origins where origin is not null`,
  );
  return new Map(found.map(({ owner, origin }) => [owner, origin]));
}

/**
 * Asks the chain who last sent collateral to those who joined, a few at a time. An owner who held it for longer than
 * LOOK_BACK blocks shows nothing; a node that does not answer is asked again with the next run.
 */
export async function findOrigins(
  deps: Pick<WorkerDeps, "store" | "hub" | "addresses" | "log">,
): Promise<void> {
  const { db } = deps.store;
  const due = await rows<{ owner: Hex; block: number }>(
    db,
    sql`select distinct on (m.owner) m.owner, m.block from oracle.stake_moves m
      where m.kind = 'joined' and m.owner not in (select owner from oracle.stake_origins)
      order by m.owner, m.block limit ${AT_ONCE}`,
  );
  for (const { owner, block } of due) {
    const toBlock = BigInt(block);
    try {
      const logs = await deps.hub.client.getContractEvents({
        address: deps.addresses.collateral,
        abi: testDollarAbi,
        eventName: "Transfer",
        args: { to: owner },
        fromBlock: toBlock > LOOK_BACK ? toBlock - LOOK_BACK : 0n,
        toBlock,
        strict: true,
      });
      const origin = logs.at(-1)?.args.from.toLowerCase() ?? null;
      await sql`insert into oracle.stake_origins (owner, origin) values (${owner}, ${origin})
        on conflict (owner) do nothing`.execute(db);
    } catch (error) {
      deps.log.warn({ err: error, owner }, "the chain does not tell now where a stake came from");
      return;
    }
  }
}
