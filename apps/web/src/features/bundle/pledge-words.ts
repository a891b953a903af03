import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/**
 * The pledges as the rules have them, which know of no language: looked up by their whole text, so that a pledge that was changed is
 * shown in English, and never beside a translation of what it said before.
 */
export const PLEDGE_WORDS: Readonly<Record<string, MessageDescriptor>> = Object.fromEntries(
  [
    msg`Each leg runs at most once on its chain, whoever brings it and however often.`,
    msg`Nothing runs that you did not sign for, byte for byte, value and gas included.`,
    msg`No leg runs before those it needs are attested to have run well, as final as attesters wait for that chain and for what hangs on the bundle.`,
    msg`Everything held is paid, or everything is given back: while no more attesters lie than may, no chain takes back blocks that were believed, and every chain accepts a transaction within the escape time.`,
    msg`Either all legs run, or what undoes each leg that ran is run too, or shown as owed until somebody runs it. A leg that nothing undoes stays.`,
    msg`Your money comes home though nobody operates Sooth any more: after the deadline anybody can abort.`,
    msg`Your money comes home though nobody operates Sooth any more: after the deadline anybody can abort. After the escape time you take back what is held without anybody's signature.`,
    msg`This is not all at once: others see, and may use, what lies between the first leg and the last. No price and no completion is promised, and a chain that refuses transactions can hold a leg up.`,
    msg`No completion is promised: a chain that refuses transactions can keep the others from being paid, and then all is given back.`,
    msg`The times shown are usual ones, with how long attesters wait for each chain by default: for tokens and calls until their chain calls a block final, which on Ethereum and its rollups takes 13 to 20 minutes for each step from chain to chain.`,
  ].map((message) => [message.message ?? "", message]),
);

/** A pledge in the page's language; null where that is English, or nothing is known of the pledge in it. */
export function pledgeWords(says: string): string | null {
  const message = Object.hasOwn(PLEDGE_WORDS, says) ? PLEDGE_WORDS[says] : undefined;
  return message && i18n.locale !== "en" ? i18n._(message) : null;
}
