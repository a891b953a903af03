import type { committeeAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, rows, sql } from "@sooth/store";
import { lower, tellMarkets } from "../../logs/record.ts";

/** Five sit, the first of them from the contract's construction on. Whoever looks at a result that waits is told. */
export async function onSeated(
  tx: Executor,
  logs: readonly FollowedLog<ArgsOf<typeof committeeAbi, "Seated">>[],
): Promise<void> {
  for (const { args, block } of logs)
    await sql`insert into markets.committee (number, members, seated_at)
      values (${Number(args.number)}, ${args.members.map(lower)}::text[], ${block.timestamp})`.execute(tx);
  const waiting = await rows<{ id: string }>(
    tx,
    sql`select id from markets.opinion_markets
      where ending = 'none' and answer = 'answered' order by final_at limit 200`,
  );
  await tellMarkets(
    tx,
    waiting.map(({ id }) => id),
  );
}
