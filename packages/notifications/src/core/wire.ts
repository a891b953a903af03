import { NEWS_KINDS, newsKind } from "@sooth/markets/core";
import { z } from "zod";

/** How long a link that confirms an address is good for, in seconds. */
export const CONFIRM_SECONDS = 86_400;

/** A mailbox as people write it: no quotes, comments or lists, so that one address is one recipient. */
export const mailAddress = z.email().max(254);
const kindsOff = z.array(newsKind).max(NEWS_KINDS.length);
const base64url = z.string().regex(/^[\w-]+=*$/);
/** Of a link; how long it is says nothing about whose. */
export const linkToken = z.string().min(20).max(100);

export const wireChannels = z.object({
  /** Null: this server sends no mail. */
  mail: z
    .object({
      /** Of the wallet that is signed in, and told to nobody else. */
      address: z.string().nullable(),
      confirmed: z.boolean(),
      /** The mailbox refused a letter, and gets no more. */
      refused: z.boolean(),
      off: kindsOff,
    })
    .nullable(),
  /** Null: this server pushes nothing. */
  push: z
    .object({
      /** What a browser subscribes with (`applicationServerKey`). */
      publicKey: z.string(),
      /** Whether the browser of this session is told. */
      here: z.boolean(),
      /** Browsers of this wallet that are told. */
      browsers: z.number().int(),
      off: kindsOff,
    })
    .nullable(),
});
export const wireChoice = z.object({ mailOff: kindsOff, pushOff: kindsOff });
export const wireMailAddress = z.object({ address: mailAddress });
export const wireLink = z.object({ token: linkToken });
export const wireDone = z.object({ done: z.literal(true) });
/** What `PushSubscription.toJSON()` gives. */
export const wireSubscription = z.object({
  endpoint: z.url().max(1_000),
  keys: z.object({ p256dh: base64url.max(100), auth: base64url.max(40) }),
});
