import { at, need } from "@sooth/kernel";
import { questionsByIds } from "@sooth/oracle";
import { type Executor, sql } from "@sooth/store";
import { foldText, RULES } from "../../../core/index.ts";
import { lower } from "../../logs/record.ts";
import { moved } from "../../transitions.ts";
import { booksOf, writeBooks } from "./book-rows.ts";
import { type OpinionLogs, recordOpinions } from "./record.ts";

/** The question stands in the oracle's rows already: it was asked before, and its logs are handled first. */
export async function onAnnounced(tx: Executor, logs: OpinionLogs<"Announced">): Promise<void> {
  const questions = await questionsByIds(
    tx,
    logs.map(({ args }) => args.question),
  );
  const byId = new Map(questions.map((question) => [question.id, question]));
  const markets = logs.map(({ args, block, logIndex, transaction }) => {
    const { terms, statement } = args;
    const question = need(byId.get(lower(args.question)), `question ${args.question} of an opinion market`);
    return {
      id: lower(args.market),
      chain_id: block.chainId,
      question: question.id,
      statement_hash: terms.statement,
      rubric: terms.rubric,
      creator: lower(terms.creator),
      closes_at: terms.closesAt,
      reveal_seconds: terms.revealSeconds,
      quiet_seconds: terms.quietSeconds,
      fee_bps: terms.feeBps,
      prize_bps: terms.prizeBps,
      prizes: terms.prizes,
      min_confidence: terms.minConfidence,
      rule: at(RULES, terms.rule),
      least_stake: terms.leastStake,
      most_stake: terms.mostStake,
      quiet_most: terms.quietMost,
      // Postgres has no NUL in texts; the contract does not mind one.
      statement: statement.replaceAll("\0", "\u{FFFD}"),
      search: foldText(statement.replaceAll("\0", "\u{FFFD}")),
      announced_at: block.timestamp,
      announced_block: block.number,
      announced_log: logIndex,
      announced_tx: transaction,
      answer: "open",
      final_at: question.terms.deadline + 1,
      ending: "none",
      fee_paid: false,
    };
  });
  // By name: what Postgres works out itself is not to be inserted.
  const columns = sql.join(Object.keys(at(markets, 0)).map((name) => sql.ref(name)));
  await sql`insert into markets.opinion_markets (${columns})
    select ${columns} from jsonb_populate_recordset(null::markets.opinion_markets, ${JSON.stringify(markets)}::jsonb)`.execute(
    tx,
  );
  // Somebody may have staked before: his market had an id all the same.
  const books = await booksOf(
    tx,
    markets.map(({ id }) => id),
  );
  await writeBooks(tx, [...books.values()]);
  await recordOpinions(
    tx,
    logs.map((log) => ({
      kind: "announced",
      log,
      market: lower(log.args.market),
      who: lower(log.args.terms.creator),
    })),
  );
  moved("opinions", "open", logs.length);
}
