import { page, wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";

export const REACTIONS = ["agree", "disagree", "insightful"] as const;
export type Reaction = (typeof REACTIONS)[number];
export const reactionKind = z.enum(REACTIONS);
/** A number as text: it is a name, and nobody reckons with it. */
export const wireCommentId = z.string().regex(/^[1-9]\d{0,14}$/);

/** What the author has at stake in this market at the moment of reading. */
export const wireAuthorStake = z.object({
  amount: wireInteger,
  /** The outcome; of an opinion its stance from 0 to 100; null while that is hidden. */
  on: z.string().nullable(),
});
export const wireComment = z.object({
  id: z.string(),
  /** A pool's id, or an opinion market's. */
  market: wireHex32,
  /** The thread that it replies to. */
  parent: z.string().nullable(),
  author: wireAddress,
  /** As it was written: plain text, never markup. Null once it is gone. */
  text: z.string().nullable(),
  at: wireSeconds,
  gone: z.object({ by: z.enum(["author", "operator"]), why: z.string().nullable() }).nullable(),
  stakes: z.array(wireAuthorStake),
  reactions: z.object({ agree: z.number().int(), disagree: z.number().int(), insightful: z.number().int() }),
  /** Which of them are the reader's own. */
  own: z.array(reactionKind),
  /** To this thread, those that are gone included. */
  replies: z.number().int(),
});
/** A thread with its first replies, oldest first. */
export const wireThread = wireComment.extend({ first: z.array(wireComment) });
export const threadPage = page(wireThread).extend({
  /** Of the market, those that are gone left out. */
  total: z.number().int(),
});
export const replyPage = page(wireComment);
export const wireReacted = wireComment.pick({ id: true, reactions: true, own: true });
