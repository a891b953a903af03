import type { FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";

/** A place in the chain has one log; whoever gives it again, as tests do, says it anew. */
const anew = sql`on conflict (block, log) do update set owner = excluded.owner, kind = excluded.kind,
  delta = excluded.delta, at = excluded.at`;

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
    values (${block.number}, ${logIndex}, ${owner}, ${kind}, ${String(amount)}, ${block.timestamp}) ${anew}`.execute(
    tx,
  );

/** All of an owner's stake is to leave. */
export const stakeLeaves = (tx: Executor, { block, logIndex }: Place, owner: string) =>
  sql`insert into oracle.stake_moves (block, log, owner, kind, delta, at)
    select ${block.number}::bigint, ${logIndex}::int, owner, 'left', -stake, ${block.timestamp}::bigint
    from oracle.providers where owner = ${owner} ${anew}`.execute(tx);
