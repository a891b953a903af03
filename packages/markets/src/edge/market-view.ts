import { at, need } from "@sooth/kernel";
import { questionsByIds, type StoredQuestion, toWireQuestion } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import { marketStatusAt, paysBps, sharesBps, termsToWire, type wireMarket } from "../core/index.ts";
import type { StoredMarket } from "./market-rows.ts";

export type WireMarket = z.infer<typeof wireMarket>;

/** Markets as the API tells them at `now`, each with its question. Two queries, however many they are. */
export async function viewMarkets(
  db: Executor,
  markets: readonly StoredMarket[],
  now: number,
): Promise<WireMarket[]> {
  const ids = new Set(markets.map(({ terms }) => terms.question));
  const questions = new Map((await questionsByIds(db, [...ids])).map((question) => [question.id, question]));
  return markets.map((market) =>
    toWireMarket(
      market,
      need(questions.get(market.terms.question), `question ${market.terms.question} of a market`),
      now,
    ),
  );
}

function toWireMarket(market: StoredMarket, question: StoredQuestion, now: number): WireMarket {
  const { terms, ending, pools, labels } = market;
  const status = marketStatusAt(terms.closesAt, ending, now);
  const shares = sharesBps(pools);
  return {
    id: market.id,
    chainId: market.chainId,
    title: market.title,
    status,
    terms: termsToWire(terms),
    outcomes: labels.map((label, index) => ({
      index,
      label,
      pool: String(at(pools, index)),
      shareBps: at(shares, index),
      paysBps: paysBps(pools, index, terms.feeBps),
    })),
    volume: String(market.volume),
    stakers: market.stakers,
    openedAt: market.openedAt,
    openedIn: market.openedIn,
    winner: status === "settled" && ending.result.kind === "won" ? ending.result.winner : null,
    question: toWireQuestion(question, now),
  };
}
