import { msg, t } from "@lingui/core/macro";
import { ContentError } from "@sooth/markets/core";
import { bringWords } from "../../../error-text.ts";
import { formatDuration } from "../../../format/time.ts";
import type { Sentence } from "../../../plain-errors.ts";

/** Errors of erasing as the page says them: they are loaded with it. */
const PLAIN_ERASURES: Readonly<Record<string, Sentence>> = {
  "content.not_yours": msg`This wallet staked on no market with this text. Connect the one that did.`,
  "content.shared": msg`Somebody else staked with these very words first, and only who did has them erased here. If they are yours, ask whoever runs this server.`,
  "content.too_young": ({ wait }) =>
    t`These words came here less than two hours ago. Ask again in ${formatDuration(Number(wait))}.`,
  "content.not_asked": msg`Nothing is left to take back: the text is erased already, or nobody asked. Reload the page to see which.`,
  "content.request_expired": msg`This signature is not good any more, or your device’s clock is wrong. Look at the clock, and sign once more.`,
  "content.bad_signature": msg`The signature is not this wallet’s. Connect the wallet that staked, and sign again.`,
};

bringWords(ContentError, PLAIN_ERASURES);
