import { commaList } from "@sooth/runtime";
import { z } from "zod";
import { mailAddress } from "../core/index.ts";

const PUSH_SERVICES =
  "https://fcm.googleapis.com,https://*.push.services.mozilla.com,https://*.notify.windows.com,https://*.push.apple.com";
const originPattern = z
  .string()
  .refine(
    (text) => /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/.test(text),
    "must be origins, with *. at most in front",
  );

export const notificationsConfig = z.object({
  MAIL_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must start with smtp:// or smtps://")
    .refine((text) => URL.canParse(text), "must be a URL")
    .optional()
    .meta({ secret: true })
    .describe(
      "api and worker role: the SMTP server that takes mail, with credentials; with MAIL_FROM people may have notifications sent to them; elsewhere than on this machine it has to speak TLS",
    ),
  MAILBOX_KEY: z
    .string()
    .min(32)
    .optional()
    .meta({ secret: true })
    .describe(
      "api role: what mailboxes are hashed with where they are counted, and where they want no letter again; made once and kept; without it MAIL_URL is taken, and a new password forgets both",
    ),
  MAIL_FROM: mailAddress.optional().describe("api and worker role: the address that mail is sent from"),
  MAIL_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(20)
    .describe(
      "worker role: letters to one mailbox in a day; what comes beyond is told by the next day's first one; a few more that cannot wait go out all the same",
    ),
  MAIL_GAP_SECONDS: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(600)
    .describe(
      "worker role: least time between two letters to one mailbox; what happens meanwhile is told by one digest",
    ),
  MAIL_CONFIRMATIONS_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe(
      "api role: letters that ask for a confirmation, to all mailboxes together, in a day; half of them at most for wallets that hold nothing here",
    ),
  PUSH_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, "must be 32 bytes as base64url")
    .optional()
    .meta({ secret: true })
    .describe(
      "api and worker role: the VAPID key that push services know this server by; browsers subscribe to it, so a new one ends all subscriptions; on a laptop, one is made; empty elsewhere: nothing is pushed",
    ),
  PUSH_CONTACT: z
    .string()
    .regex(/^(mailto:|https:\/\/)/, "must start with mailto: or https://")
    .optional()
    .describe("api and worker role: how push services reach the operator; needed with PUSH_KEY"),
  PUSH_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(100)
    .describe("worker role: messages to the browsers of one wallet in a day, each counted"),
  PUSH_SERVICES: commaList
    .prefault(PUSH_SERVICES)
    .pipe(z.array(originPattern))
    .describe(
      "api and worker role: origins that browsers' push services have; to others nothing is sent, because whoever subscribes names the address",
    ),
});
export type NotificationsConfig = z.infer<typeof notificationsConfig>;
