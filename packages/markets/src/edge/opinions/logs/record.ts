import type { opinionsAbi } from "@sooth/abi";
import type { ArgsOf, FollowedLog } from "@sooth/chain";
import { type Executor, sql } from "@sooth/store";
import type { ContractEventName } from "viem";
import type { z } from "zod";
import type { opinionActivityKind } from "../../../core/index.ts";
import { tellHappened } from "../../logs/record.ts";

export type OpinionLogs<E extends ContractEventName<typeof opinionsAbi>> = readonly FollowedLog<
  ArgsOf<typeof opinionsAbi, E>
>[];

type Happened = {
  kind: z.infer<typeof opinionActivityKind>;
  log: Pick<FollowedLog, "block" | "logIndex" | "transaction">;
  market: string;
  who?: string;
  band?: number | null;
  amount?: bigint;
};

/** Writes what happened, and tells those who are looking. */
export async function recordOpinions(tx: Executor, happened: readonly Happened[]): Promise<void> {
  const news = happened.map(({ kind, log, market, who, band, amount }) => ({
    block: log.block.number,
    log: log.logIndex,
    kind,
    at: log.block.timestamp,
    tx: log.transaction,
    market,
    who: who ?? null,
    band: band ?? null,
    amount: amount === undefined ? null : String(amount),
  }));
  await sql`insert into markets.opinion_activity
    select * from jsonb_populate_recordset(null::markets.opinion_activity, ${JSON.stringify(news)}::jsonb)`.execute(
    tx,
  );
  await tellHappened(tx, happened);
}
