import { need } from "@sooth/kernel";
import { questionsByIds } from "@sooth/oracle";
import { type Executor, sql } from "@sooth/store";
import { foldText, outcomeLabels } from "../../core/index.ts";
import { moved } from "../transitions.ts";
import { type Logs, lower, record } from "./record.ts";

/** The question stands in the oracle's rows already: it was asked before, and its logs are handled first. */
export async function onOpened(tx: Executor, logs: Logs<"Opened">): Promise<void> {
  const questions = await questionsByIds(
    tx,
    logs.map(({ args }) => args.question),
  );
  const byId = new Map(questions.map((question) => [question.id, question]));
  const markets = logs.map((log) => {
    const { args, block, logIndex, transaction } = log;
    const question = need(byId.get(lower(args.question)), `question ${args.question} of a market`);
    const { closesAt, feeBps, outcomes, cuts } = args.terms;
    const labels = outcomeLabels(question.schema, { outcomes, cuts });
    return {
      id: lower(args.market),
      chain_id: block.chainId,
      question: question.id,
      creator: lower(args.terms.creator),
      closes_at: closesAt,
      fee_bps: feeBps,
      outcomes,
      cuts: cuts.map(String),
      kind: question.schema.kind,
      title: question.schema.text,
      labels,
      search: foldText([question.schema.text, ...labels].join("\n")),
      opened_at: block.timestamp,
      opened_block: block.number,
      opened_log: logIndex,
      opened_tx: transaction,
      pools: labels.map(() => "0"),
      volume: "0",
      stakers: 0,
      stakes: 0,
      answered: false,
      ends_at: question.terms.deadline + 1,
      winner: null,
      fee_due: null,
      unclaimed: 0,
    };
  });
  await sql`insert into markets.markets
    select * from jsonb_populate_recordset(null::markets.markets, ${JSON.stringify(markets)}::jsonb)`.execute(
    tx,
  );
  await record(
    tx,
    logs.map((log) => ({
      kind: "opened",
      log,
      market: lower(log.args.market),
      question: lower(log.args.question),
      who: lower(log.args.terms.creator),
      outcome: null,
      amount: null,
      stakeNo: null,
    })),
  );
  moved("pools", "trading", logs.length);
}
