import type { FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";

type Place = Pick<FollowedLog, "block" | "logIndex">;

/** Stake that came. */
export const stakeCame = (
  tx: Executor,
  { block, logIndex }: Place,
  kind: "joined" | "added",
  owner: string,
  amount: bigint,
) =>
  sql`insert into oracle.stake_moves (block, log, owner, kind, delta, at)
    values (${block.number}, ${logIndex}, ${owner}, ${kind}, ${String(amount)}, ${block.timestamp})`.execute(
    tx,
  );

/** All of an owner's stake is to leave. */
export const stakeLeaves = (tx: Executor, { block, logIndex }: Place, owner: string) =>
  sql`insert into oracle.stake_moves (block, log, owner, kind, delta, at)
    select ${block.number}::bigint, ${logIndex}::int, owner, 'left', -stake, ${block.timestamp}::bigint
    from oracle.providers where owner = ${owner}`.execute(tx);
