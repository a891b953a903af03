export { NotificationError } from "./errors.ts";
export { confirmation, letterOf, type Letter, type Item, itemOf } from "./letter.ts";
export { foldedMailbox, mailboxOf } from "./mailbox.ts";
export { pauseAfter, waitFor } from "./pace.ts";
export { pushText } from "./push-text.ts";
export * from "./wire.ts";
