import { isLoopback } from "@sooth/kernel";
import { createTransport, type Transporter } from "nodemailer";
import type { Letter } from "../../core/index.ts";
import type { NotificationsConfig } from "../config.ts";
import type { Outcome } from "../outcome.ts";

/** All of these together stay below the time that a letter is held for whoever sends it. */
const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
};

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
export function mailerOf({ MAIL_URL: url, MAIL_FROM: from }: MailConfig): Mailer | undefined {
  if (url === undefined || from === undefined) return undefined;
  const transport = createTransport({
    url,
    ...TIMEOUTS,
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

type SmtpError = { code?: string; responseCode?: number; command?: string };

/**
 * What to make of a failure. What the server said stays out of it: it holds the address. A mailbox that does not exist is told so
 * at RCPT TO; what a server refuses before that is about us, and the operator mends it while letters wait.
 */
function outcomeOf({ code = "ESMTP", responseCode = 0, command = "" }: SmtpError): Outcome {
  const why = [code, responseCode || null, command].filter(Boolean).join(" ");
  const isFinal = responseCode >= 500 && responseCode < 600;
  if (isFinal && command.startsWith("RCPT")) return { kind: "gone", why };
  if (isFinal && command.startsWith("DATA")) return { kind: "refused", why };
  return { kind: "failed", why };
}
