import { type Address, type Amount, at, type Hex, need, takeBps } from "@sooth/kernel";
import { questionsByIds, type StoredQuestion, toWireQuestion } from "@sooth/oracle";
import { type Executor, rows, sql } from "@sooth/store";
import type { z } from "zod";
import {
  crowdOf,
  doorOf,
  netOf,
  opinionStatusAt,
  opinionTermsHash,
  opinionTermsToWire,
  prizeOf,
  roomOf,
  sharesOf,
  stanceOf,
  type Windows,
  type wireOpinionMarket,
  type wirePrize,
} from "../../core/index.ts";
import type { Deps } from "../deps.ts";
import { knownFinality, type StoredOpinionMarket } from "./market-rows.ts";
import { elsewhereOf, undersecuredBy, windowsOf } from "./opinion-checks.ts";

export type WireOpinionMarket = z.infer<typeof wireOpinionMarket>;
type WirePrize = z.infer<typeof wirePrize>;

type ViewDeps = Pick<Deps, "store" | "hub" | "addresses">;

/** Markets as the API tells them at `now`, each with its question and its draws. Two queries, however many they are. */
export async function viewOpinionMarkets(
  deps: ViewDeps,
  markets: readonly StoredOpinionMarket[],
  now: number,
): Promise<WireOpinionMarket[]> {
  const { db } = deps.store;
  const ids = new Set(markets.map(({ terms }) => terms.question));
  const [windows, asked, prizes] = await Promise.all([
    windowsOf(deps),
    questionsByIds(db, [...ids]),
    prizesOf(
      db,
      markets.map(({ id }) => id),
    ),
  ]);
  const questions = new Map(asked.map((question) => [question.id, question]));
  return markets.map((market) =>
    toWire(
      deps,
      market,
      need(questions.get(market.terms.question), `question ${market.terms.question} of an opinion market`),
      { prizes: prizes.get(market.id) ?? [], now, windows },
    ),
  );
}

/**
 * Those of these markets whose score is read from their own opinions alone, and secured so that stakes may rest on it. The others are
 * shown to who looks for them, marked.
 */
export async function fitToStake(
  deps: ViewDeps,
  markets: readonly StoredOpinionMarket[],
): Promise<StoredOpinionMarket[]> {
  const [windows, asked] = await Promise.all([
    windowsOf(deps),
    questionsByIds(
      deps.store.db,
      markets.map(({ terms }) => terms.question),
    ),
  ]);
  const questions = new Map(asked.map((question) => [question.id, question]));
  return markets.filter(({ terms }) => {
    const question = questions.get(terms.question);
    return (
      question !== undefined &&
      elsewhereOf(deps, question, terms) === null &&
      undersecuredBy(question, terms, { windows }) === null
    );
  });
}

async function prizesOf(db: Executor, markets: readonly string[]): Promise<Map<string, WirePrize[]>> {
  const found = await rows<{
    market: Hex;
    prize: number;
    band: number;
    place: bigint;
    winner: Address;
    amount: Amount;
    paid_to: Address | null;
  }>(
    db,
    sql`select * from markets.opinion_prizes where market = any(${markets}::text[]) order by market, prize`,
  );
  const drawn = Map.groupBy(found, ({ market }) => market as string);
  return new Map(
    [...drawn].map(([market, prizes]) => [
      market,
      prizes.map(({ prize, band, place, winner, amount, paid_to: paidTo }) => ({
        prize,
        band,
        offset: String(place),
        winner,
        amount: String(amount),
        paidTo,
      })),
    ]),
  );
}

function toWire(
  deps: ViewDeps,
  market: StoredOpinionMarket,
  question: StoredQuestion,
  { prizes, now, windows }: { prizes: WirePrize[]; now: number; windows: Windows | undefined },
): WireOpinionMarket {
  const { id, terms, book, ending } = market;
  const { closesAt, revealSeconds, prizeBps } = terms;
  const drawn = market.seed !== null;
  return {
    id,
    chainId: market.chainId,
    statement: market.statement,
    status: opinionStatusAt({ closesAt, revealSeconds, prizeBps, ending, drawn }, now),
    terms: opinionTermsToWire(terms),
    termsHash: opinionTermsHash(terms),
    door: String(doorOf(terms)),
    quietFrom: closesAt - terms.quietSeconds,
    revealsUntil: closesAt + revealSeconds,
    bands: book.staked.map((staked, band) => ({
      band,
      stance: stanceOf(band),
      staked: String(staked),
      opinions: at(book.opinions, band),
    })),
    hidden: { staked: String(book.hidden), opinions: book.hiddenCount },
    volume: String(book.volume),
    opinions: book.count,
    readsElsewhere: elsewhereOf(deps, question, terms),
    undersecured: undersecuredBy(question, terms, { windows }),
    secures: String(question.terms.secures),
    room: String(roomOf(question.terms.secures, book.volume)),
    crowd: crowdOf(book.staked),
    announcedAt: market.announcedAt,
    announcedIn: market.announcedIn,
    finalAt: knownFinality(market),
    result: resultOf(market),
    prizes,
    voidBecause: market.why,
    owed: { amount: String(book.due), opinions: book.dueCount },
    question: toWireQuestion(question, now),
  };
}

function resultOf(market: StoredOpinionMarket): WireOpinionMarket["result"] {
  const { result, ended, terms, book } = market;
  if (!result || !ended || market.ending === "void") return null;
  const shares = sharesOf(terms);
  return {
    score: result.score,
    confidence: result.confidence,
    total: String(result.total),
    count: result.count,
    facts: String(result.facts),
    net: String(netOf(result.total, shares) + book.hidden),
    fee: String(takeBps(result.total, terms.feeBps)),
    feePaid: market.feePaid,
    prize: String(prizeOf(result.total, shares)),
    round: market.round === null ? null : String(market.round),
    seed: market.seed,
    drawnAt: market.drawnAt,
    undrawn: market.ending === "undrawn",
    at: ended.at,
    transaction: ended.transaction,
  };
}
