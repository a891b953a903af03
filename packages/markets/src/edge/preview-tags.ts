import { at, ascending } from "@sooth/kernel";
import { chainTime, questionById, toWireQuestion } from "@sooth/oracle";
import type { PreviewTags } from "@sooth/runtime";
import { never } from "@sooth/kernel";
import { crowdOf, marketStatusAt, MEASURED_SHORT, opinionStatusAt, sharesBps } from "../core/index.ts";
import type { ReadDeps } from "./deps.ts";
import { marketById, type StoredMarket } from "./market-rows.ts";
import { opinionMarketById, type StoredOpinionMarket } from "./opinions/market-rows.ts";

const PAGE = /^\/(markets|opinions|questions)\/(0x[0-9a-f]{64})\/?$/i;
/** Outcomes named in a preview: more do not fit the box. */
const SHOWN = 3;

/** What a link to a market of either kind, or to a question, shows in a chat; null for any other page and for what does not exist. */
export async function previewTags(path: string, { store, hub }: ReadDeps): Promise<PreviewTags | null> {
  const [, kind, id = ""] = PAGE.exec(path) ?? [];
  if (kind === undefined) return null;
  const now = await chainTime(hub);
  if (kind.toLowerCase() === "markets") {
    const market = await marketById(store.db, id.toLowerCase());
    if (!market) return null;
    const image = `/v1/markets/${market.id}/card.png`;
    return { title: market.title, description: describe(market, now), image };
  }
  if (kind.toLowerCase() === "opinions") {
    const market = await opinionMarketById(store.db, id.toLowerCase());
    if (!market) return null;
    const image = `/v1/opinion-markets/${market.id}/card.png`;
    return { title: market.statement, description: describeOpinions(market, now), image };
  }
  const question = await questionById(store.db, id);
  if (!question) return null;
  const { label, status, schema } = toWireQuestion(question, now);
  const answer = label === null ? "Not answered yet" : `${label} (${status})`;
  return {
    title: schema.text,
    description: `${answer}. Every provider's signed report, and how they became the answer.`,
  };
}

function describe(market: StoredMarket, now: number): string {
  const { labels, pools, stakers, terms, ending } = market;
  const status = marketStatusAt(terms.closesAt, ending, now);
  switch (status) {
    case "settled":
      return `${ending.result.kind === "won" ? at(labels, ending.result.winner) : ""} won. Paid out to the unit.`;
    case "void":
      return "Void: every stake goes back whole.";
    case "trading":
    case "closed":
    case "answered": {
      const people = `${stakers} ${stakers === 1 ? "person" : "people"} staked`;
      const when =
        status === "trading" ? `Open until ${moment(terms.closesAt)}` : "Closed, waits for its final answer";
      return `${odds(labels, sharesBps(pools))}${people}. ${when}.`;
    }
    default:
      return never(status);
  }
}

function describeOpinions({ terms, ending, seed, result, book }: StoredOpinionMarket, now: number): string {
  const status = opinionStatusAt({ ...terms, ending, drawn: seed !== null }, now);
  if (status === "void") return "Void: every stake goes back whole.";
  const said = `${book.count} ${book.count === 1 ? "opinion" : "opinions"}`;
  if (result)
    return `${said} came to a score of ${result.score} of 100. Recompute it from their labels, and every pay-out. ${MEASURED_SHORT}.`;
  const crowd = crowdOf(book.staked);
  const mean = crowd === null ? "" : ` The stakes stand at ${Math.round(crowd / 100)} of 100 on average.`;
  const when = status === "open" ? `Open until ${moment(terms.closesAt)}` : "Closed, waits for its score";
  return `${said}.${mean} ${when}.`;
}

function odds(labels: readonly string[], shares: readonly number[]): string {
  const ranked = labels
    .map((label, index) => ({ label, share: at(shares, index) }))
    .toSorted((a, b) => ascending(b.share, a.share))
    .filter(({ share }) => share > 0)
    .slice(0, SHOWN);
  return (
    ranked.map(({ label, share }) => `${label} ${Math.round(share / 100)} %`).join(", ") +
    (ranked.length > 0 ? ". " : "")
  );
}

const moment = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
