import { outcomeTokensAbi } from "@sooth/abi";
import { type Addresses, type ArgsOf, type FollowedLog, logHandlers, type LogHandlers } from "@sooth/chain";
import { type Executor, notifyLiveAll, sql } from "@sooth/store";
import { sideOf } from "../../core/index.ts";
import { lower } from "../logs/record.ts";

/** What people traded, for those who look at it. */
export const tradeLogHandlers = ({ outcomeTokens }: Addresses): LogHandlers =>
  logHandlers({ address: outcomeTokens, abi: outcomeTokensAbi, on: { Matched: onMatched }, ownTables: true });

async function onMatched(
  tx: Executor,
  logs: readonly FollowedLog<ArgsOf<typeof outcomeTokensAbi, "Matched">>[],
): Promise<void> {
  const written = logs.map(({ args, block, logIndex, transaction }) => ({
    block: block.number,
    log: logIndex,
    at: block.timestamp,
    tx: transaction,
    question: lower(args.question),
    outcome: args.outcome,
    taker: lower(args.taker),
    maker: lower(args.maker),
    side: sideOf(args.side),
    amount: String(args.amount),
    price: Number(args.price),
  }));
  await sql`insert into markets.outcome_trades
    select * from jsonb_populate_recordset(null::markets.outcome_trades, ${JSON.stringify(written)}::jsonb)`.execute(
    tx,
  );
  await notifyLiveAll(
    tx,
    [...new Set(written.map(({ question }) => question))].map((id) => ({ topic: "question", id })),
  );
}
