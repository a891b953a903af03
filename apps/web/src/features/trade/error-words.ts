import { msg, t } from "@lingui/core/macro";
import { OutcomesError } from "@sooth/markets/core";
import { bringWords } from "../../error-text.ts";
import type { Sentence } from "../../plain-errors.ts";

/** Errors of trading as the page says them: they are loaded with it. */
const PLAIN_OUTCOMES: Readonly<Record<string, Sentence>> = {
  "outcomes.not_open": msg`The question opens now, or is open: whoever knows its answer would take your order. No more are taken.`,
  "outcomes.expires_too_late": msg`This order would outlive the moment that is asked about. Reload the page and sign it anew.`,
  "outcomes.expires_too_soon": msg`This order ends too soon for anybody to find it. Sign it anew.`,
  "outcomes.expired": msg`This order has ended. Sign it anew.`,
  "outcomes.not_covered": ({ has, wanted }) =>
    t`Beside your other orders this wallet has ${String(has)} for this one, and it takes ${String(wanted)}. Make it smaller, or cancel another.`,
  "outcomes.too_many_orders": msg`You have as many orders here as are kept of one wallet. Cancel some, or let them end.`,
  "outcomes.book_full": msg`The book is full of orders at this price or a better one. Offer a better price, or take an order that stands.`,
  "outcomes.nonce_used": msg`This signature was used up or cancelled already. Sign the order anew.`,
  "outcomes.bad_signature": msg`The signature is not this wallet's. Connect the wallet that trades, and sign again.`,
  "outcomes.order_too_small": msg`This is less than any order may be. Trade more tokens.`,
  "outcomes.too_little_money": msg`This is less than any order may be. Trade more tokens.`,
  "outcomes.not_final": msg`The answer is not final yet. Wait until nobody can object to it any more.`,
  "outcomes.settled": msg`The result is written down already: no more sets are made. What you hold can be redeemed.`,
};

bringWords(OutcomesError, PLAIN_OUTCOMES);
