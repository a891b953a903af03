import { createHmac } from "node:crypto";
import { mailboxOf } from "../../core/index.ts";

/**
 * A mailbox as it is counted and kept from being asked again: nobody finds the address from it who does not know `key`, the URL
 * of the mail server with its password, which no table holds.
 */
export const targetOf = (address: string, key: string): string =>
  createHmac("sha256", `mailboxes ${key}`).update(mailboxOf(address)).digest("hex");
