import { createHmac } from "node:crypto";
import { foldedMailbox, mailboxOf } from "../../core/index.ts";

/** Nobody finds what was hashed who does not know `key`, which no table holds. */
export const keyedHash = (what: string, text: string, key: string): string =>
  createHmac("sha256", `${what} ${key}`).update(text).digest("hex");

/** A mailbox as it is counted. */
export const targetOf = (address: string, key: string): string =>
  keyedHash("mailboxes", foldedMailbox(address), key);

/** A mailbox as it is kept from being asked again. */
export const silencedAs = (address: string, key: string): string =>
  keyedHash("silenced", mailboxOf(address), key);
