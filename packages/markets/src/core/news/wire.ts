import { BUNDLE_ENDS, BUNDLE_TURNS } from "@sooth/bundles/core";
import { page, wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";

/** What a wallet is told of, each of which it may switch off. */
export const NEWS_KINDS = [
  "closed",
  "answered",
  "disputed",
  "reopened",
  "settled",
  "void",
  "paid",
  "reply",
  "question",
  "juror",
  "bundle",
  "turn",
] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];
export const newsKind = z.enum(NEWS_KINDS);

export const wireNotification = z.object({
  /** The same news has the same id wherever it is read. */
  id: z.string(),
  kind: newsKind,
  /** By the chain's clock. */
  at: wireSeconds,
  /** The market's or the question's words; of a bundle its id. */
  title: z.string(),
  /** A pool, or an opinion market, as `opinion` says. */
  market: wireHex32.nullable(),
  opinion: z.boolean(),
  question: wireHex32.nullable(),
  /** One that the wallet owns, or pays into. */
  bundle: wireHex32.nullable(),
  /** What became of a question of one's own, or of a bundle; or what a bundle waits for. */
  event: z.enum(["answered", "disputed", "reopened", ...BUNDLE_ENDS, ...BUNDLE_TURNS]).nullable(),
  /** The outcome or the answer; of an opinion market its score. */
  label: z.string().nullable(),
  /** What was paid, or is to be paid into a bundle or given back by it, in units of the collateral. */
  amount: wireInteger.nullable(),
  /** Who replied, and with which comment; who owns a bundle that the wallet pays into, and null when it is its own. */
  who: wireAddress.nullable(),
  comment: z.string().nullable(),
  jury: wireHex32.nullable(),
});
export const notificationPage = page(wireNotification).extend({
  /** These are for the wallet's own eyes, when it is signed in; else null. At most 100 are counted. */
  unread: z.number().int().nullable(),
  /** What happened up to then is read. */
  until: wireSeconds.nullable(),
  /** Kinds that are switched off, and left out. */
  off: z.array(newsKind).nullable(),
});
export const wireReadMark = z.object({ until: wireSeconds, off: z.array(newsKind) });
