import { type Amount, ascending, at, never } from "@sooth/kernel";
import { MEASURED_SHORT } from "./analyst/measured.ts";
import { crowdOf } from "./opinions/crowd.ts";
import type { OpinionStatus } from "./opinions/status.ts";
import { stanceOf } from "./rules/bands.ts";
import { sharesBps } from "./rules/parimutuel.ts";
import type { MarketStatus } from "./status.ts";

/** What stands on a picture that people share: data only, so that it can be compared without drawing. */
export type Card = {
  title: string;
  /** Where the market stands, in a few words. */
  status: string;
  /** The one large figure, and what it says. */
  figure: { large: string; small: string } | null;
  /** How far a score can be relied on; null where none is shown. */
  note: string | null;
  /**
   * Parts of a whole, left to right: outcomes, at most four and the largest first, or stances from against to for. Shares in basis
   * points, colours of the light scheme.
   */
  parts: readonly { label: string; shareBps: number; color: string }[];
  foot: string;
};

/** As the web app colours outcomes. */
const SERIES = ["#b5532f", "#0c6b5c", "#3f5fa8", "#a87407", "#7d4384", "#4f7a1f", "#a33a63", "#52636b"];
const SHOWN = 4;

type Pools = {
  title: string;
  labels: readonly string[];
  pools: readonly bigint[];
  stakers: number;
  winner: number | null;
  status: MarketStatus;
  money: string;
};

/** The card of a prediction pool: the shares of its outcomes, or who won. `money`: all stakes, written out. */
export function poolCard({ title, labels, pools, stakers, winner, status, money }: Pools): Card {
  const shares = sharesBps(pools as never);
  const ranked = labels
    .map((label, index) => ({ label, shareBps: at(shares, index), color: at(SERIES, index % SERIES.length) }))
    .toSorted((a, b) => ascending(b.shareBps, a.shareBps));
  const lead = at(ranked, 0);
  const people = `${stakers} ${stakers === 1 ? "person" : "people"}`;
  return {
    title,
    status: wordsOf(status),
    figure:
      winner !== null
        ? { large: at(labels, winner), small: "is the answer" }
        : lead.shareBps === 0 || status === "void"
          ? null
          : { large: `${Math.round(lead.shareBps / 100)} %`, small: `of the stakes say ${lead.label}` },
    note: null,
    parts: ranked.filter(({ shareBps }) => shareBps > 0).slice(0, SHOWN),
    foot: stakers === 0 ? "No stakes yet" : `${people}, ${money} staked`,
  };
}

function wordsOf(status: MarketStatus): string {
  switch (status) {
    case "trading":
      return "Open for stakes";
    case "closed":
      return "Waiting for the answer";
    case "answered":
      return "Answered, not final yet";
    case "settled":
      return "Settled";
    case "void":
      return "Void: every stake goes back";
    default:
      return never(status);
  }
}

type Opined = {
  statement: string;
  status: OpinionStatus;
  /** Null while it is not scored, and of a void market. */
  result: { score: number; confidence: number } | null;
  /** Staked on each band. */
  staked: readonly Amount[];
  /** How many of them, hidden ones too. */
  opinions: number;
  money: string;
};

/** The card of an opinion market: its score, or where the stakes stand on average, over all stances. `money`: all stakes, written out. */
export function opinionCard({ statement, status, result, staked, opinions, money }: Opined): Card {
  const said = `${opinions} ${opinions === 1 ? "opinion" : "opinions"}`;
  return {
    title: statement,
    status: opinionWords(status),
    figure: opinionFigure(status, result, crowdOf(staked)),
    note: result && status !== "void" ? MEASURED_SHORT : null,
    parts: sharesBps(staked)
      .map((shareBps, band) => ({
        label: `Stance ${stanceOf(band)}`,
        shareBps,
        color: stanceColor(stanceOf(band)),
      }))
      .filter(({ shareBps }) => shareBps > 0),
    foot: opinions === 0 ? "No opinions yet" : `${said}, ${money} staked`,
  };
}

function opinionFigure(
  status: OpinionStatus,
  result: Opined["result"],
  crowd: number | null,
): Card["figure"] {
  if (status === "void") return null;
  if (result)
    return {
      large: String(result.score),
      small: `of 100, the score, with ${Math.round(result.confidence / 100)} % confidence`,
    };
  return crowd === null
    ? null
    : { large: String(Math.round(crowd / 100)), small: "of 100, where the stakes stand on average" };
}

function opinionWords(status: OpinionStatus): string {
  switch (status) {
    case "open":
      return "Open for opinions";
    case "revealing":
      return "Closed, stances are being told";
    case "judging":
      return "Closed, being judged";
    case "drawing":
      return "Scored, the draw is due";
    case "settled":
      return "Settled";
    case "void":
      return "Void: every stake goes back";
    default:
      return never(status);
  }
}

/** Between the two, as the web app colours stances: the ends of its scale, paler towards the middle. */
const [AGAINST, FOR, PALE] = ["#b5532f", "#0c6b5c", "#b9c5c1"];

/** Colour of a stance from 0 to 100. */
export function stanceColor(place: number): string {
  const end = place < 50 ? AGAINST : FOR;
  const part = (25 + Math.abs(place - 50) * 1.5) / 100;
  const channels = [1, 3, 5].map((from) => {
    const [strong, pale] = [end, PALE].map((color) => Number.parseInt(color.slice(from, from + 2), 16));
    return Math.round((strong ?? 0) * part + (pale ?? 0) * (1 - part));
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
