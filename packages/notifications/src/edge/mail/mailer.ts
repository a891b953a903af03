import { isLoopback } from "@sooth/kernel";
import { createTransport, type Transporter } from "nodemailer";
import { connect } from "node:net";
import type { Letter } from "../../core/index.ts";
import type { NotificationsConfig } from "../config.ts";
import type { Outcome } from "../outcome.ts";

/** Of a URL that names none, as its scheme has it. */
const portOf = (url: string): number => (url.startsWith("smtps:") ? 465 : 587);
/** Of silence at each step. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };
/**
 * Of a letter from the first byte to the last: a server that says a little now and then is never silent. Below the time that a letter
 * is held for whoever sends it, or another would send it as well.
 */
const SEND_MS = 60_000;

export type Mail = {
  to: string;
  messageId: string;
  letter: Letter;
  /** Where a mail program says that no more is wanted, without anybody looking at a page (RFC 8058). */
  unsubscribe: string;
};
export type Mailer = { send(mail: Mail): Promise<Outcome>; verify(): Promise<void>; close(): void };
type MailConfig = Pick<NotificationsConfig, "MAIL_URL" | "MAIL_FROM">;

/** Undefined where the operator wants no mail sent. */
export function mailerOf(
  { MAIL_URL: url, MAIL_FROM: from }: MailConfig,
  sendMs = SEND_MS,
): Mailer | undefined {
  if (url === undefined || from === undefined) return undefined;
  const transport = createTransport({
    url,
    ...TIMEOUTS,
    // Each letter has a connection of its own.
    getSocket: ({ host, port }, done) => {
      const connection = connect({
        host: host ?? "localhost",
        port: Number(port) || portOf(url),
        signal: AbortSignal.timeout(sendMs),
      });
      connection.setTimeout(TIMEOUTS.connectionTimeout, () =>
        connection.destroy(Object.assign(new Error("not connected in time"), { code: "ETIMEDOUT" })),
      );
      const failed = (error: Error) => done(error, {});
      connection.once("error", failed);
      connection.once("connect", () => {
        connection.setTimeout(0);
        connection.off("error", failed);
        done(null, { connection });
      });
    },
    // A password must not cross a network in the clear.
    requireTLS: url.startsWith("smtp:") && !isLoopback(url.replace(/^smtp:/, "http:")),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: (mail) => send(transport, from, mail),
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  };
}

async function send(
  transport: Transporter,
  from: string,
  { to, messageId, letter, unsubscribe }: Mail,
): Promise<Outcome> {
  try {
    await transport.sendMail({
      // As parts and not as a line: nothing in them is read as a second recipient.
      from: { name: "Sooth", address: from },
      to: { name: "", address: to },
      envelope: { from, to: [to] },
      messageId,
      ...letter,
      headers: {
        "List-Unsubscribe": { prepared: true, value: `<${unsubscribe}>` },
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        // So that nobody's absence note answers, RFC 3834.
        "Auto-Submitted": "auto-generated",
      },
    });
    return { kind: "sent" };
  } catch (error) {
    return outcomeOf(error as SmtpError);
  }
}

type SmtpError = { code?: string; responseCode?: number; command?: string; response?: string };

/** Of enhanced codes (RFC 3463) those that speak of the mailbox: it is no address, or is there no more. */
const NOBODY_THERE = /\b5\.(?:1\.\d{1,3}|2\.1)\b/;
/** And those that speak of who sends: a list that he is on, a signature that he lacks. */
const ABOUT_US = /\b5\.7\.\d{1,3}\b/;

/**
 * What to make of a failure. What the server said stays out of it: it holds the address. A mailbox that does not exist is told so
 * at RCPT TO, and by its code: a server that has us on a list refuses everybody's there. What it refuses for that, or before, is about
 * us, and the operator mends it while letters wait.
 */
function outcomeOf({ code = "ESMTP", responseCode = 0, command = "", response = "" }: SmtpError): Outcome {
  const why = [code, responseCode || null, command].filter(Boolean).join(" ");
  const isFinal = responseCode >= 500 && responseCode < 600;
  if (isFinal && ABOUT_US.test(response)) return { kind: "failed", why };
  if (isFinal && command.startsWith("RCPT"))
    return { kind: NOBODY_THERE.test(response) ? "gone" : "refused", why };
  if (isFinal && command.startsWith("DATA")) return { kind: "refused", why };
  return { kind: "failed", why };
}
