import { msg, t } from "@lingui/core/macro";
import { BundlesError } from "@sooth/bundles/core";
import { bringWords } from "../../error-text.ts";
import type { Sentence } from "../../plain-errors.ts";

/** What a person meets who makes a bundle, or brings one on. Other pages load none of it. */
const PLAIN_BUNDLES: Readonly<Record<string, Sentence>> = {
  "bundles.bad_window": msg`The time is too short or too long by now. Choose another one, and look at it once more.`,
  "bundles.never_commits": msg`This step waits for one that fails or is undone, and then everything is called off. Have it run after steps that succeed.`,
  "bundles.conditional_compensation": msg`What undoes a step must be possible whenever that step ran. Take results of that step, or of those before it, alone.`,
  "bundles.unknown": msg`There is no such bundle here. It may be on another network, or was never opened.`,
  "bundles.open_already": msg`This bundle is open already, or decided. Find it among yours.`,
  "bundles.bad_signature": msg`This was signed by another wallet than the one it names. Connect that wallet, and sign again.`,
  "bundles.no_credit": msg`What you have at the hub is less than the fee. Pay it in first, or open the bundle yourself.`,
  "bundles.deadline_too_near": msg`Attesters wait longer than that for its chains. Give it more time, and make it anew.`,
  "bundles.fee_too_large": msg`No bundle can hold such a fee. Choose a smaller one, or leave it empty.`,
  "bundles.not_the_payer": ({ leg }) =>
    t`This wallet does not pay leg ${String(leg)}. Connect the payer’s wallet, and sign again.`,
  "bundles.bad_permit": msg`The token does not take this signature any more: it may have been used, or its time is over. Sign once more.`,
  "bundles.not_followed": msg`The server has not read a block of one of its chains yet. Wait a moment, and try again.`,
  "bundles.lane_full": msg`For bundles between these two chains the escrow takes less of this token now than is wanted. Try again later, or with less.`,
  "bundles.lane_rests": ({ until }) =>
    t`Between these two chains much of this token came back, so nothing more goes in until ${String(until)}. Try again then.`,
  "hub.open_already": msg`This bundle is open already. Find it among yours.`,
  "hub.not_open": msg`The hub has decided it by now, or never opened it. Reload the page to see which.`,
  "hub.not_decided": msg`The hub has not decided yet. Wait until it has, then try again.`,
  "hub.not_owner": msg`Only the owner can do that. Connect the owner’s wallet.`,
  "hub.wrong_fee": msg`The fee that was sent is another one than was signed. Make the bundle anew.`,
  "hub.bad_terms": ({ what }) =>
    t`The hub does not take these terms (${String(what)}). Look at the time and the fee, and make it anew.`,
  "hub.late": ({ deadline }) =>
    t`That was too late: its deadline was ${String(deadline)}. It can only be called off now.`,
  "hub.early": ({ notBefore }) => t`It is too early. Anybody can call it off from ${String(notBefore)} on.`,
  "hub.paused": ({ until }) => t`The guardian has paused it until ${String(until)}. Try again then.`,
  "hub.not_completed": msg`Some of its legs have not run yet. Wait for them, then try again.`,
  "hub.insufficient_credit": msg`The owner has too little at the hub to pay this fee. Pay it in first, then try again.`,
  "escrow.paused": ({ until }) =>
    t`The guardian has paused what goes in until ${String(until)}. What is held comes out all the same.`,
  "escrow.bad_leg": ({ what }) =>
    t`The escrow does not take this leg: ${String(what)}. Make the bundle anew.`,
  "escrow.late": ({ deadline }) =>
    t`That was too late: its deadline was ${String(deadline)}. Nothing is put in any more.`,
  "escrow.not_empty": msg`This leg is held already, or has ended. Reload the page to see which.`,
  "escrow.not_held": msg`Nothing of this leg is held any more. Reload the page to see where it went.`,
  "escrow.not_signed": msg`Who pays this leg has not signed for it. Connect the payer’s wallet, and sign.`,
  "escrow.bad_token": msg`This token takes something off on the way, so that it cannot be held whole. Use another one.`,
  "escrow.over_limit": msg`More of this token went in within the last hour than the escrow takes. Try again later, or with less.`,
  "lanes.over_limit": msg`For bundles between these two chains more of this token went in within the last hour than the escrow takes. Try again later, or with less.`,
  "lanes.resting": ({ until }) =>
    t`Between these two chains much of this token came back, so nothing more goes in until ${String(until)}. Try again then.`,
  "lanes.not_shown": msg`This escrow wants to see where else the bundle has legs. Find it among yours, and put your part in from its own page.`,
  "escrow.undecided": msg`This chain has not been told yet what the hub decided. Try again in a moment.`,
  "escrow.too_soon": ({ notBefore }) =>
    t`It is too early to take this back. Come again at ${String(notBefore)}, or wait for the decision.`,
  "escrow.due_otherwise": msg`Another outcome is due for this leg, so it cannot go this way. Reload the page.`,
  "escrow.starved": msg`It wants more gas than it was given. Try again, and give it more.`,
  "settler.paused": ({ until }) =>
    t`The guardian has paused runs here until ${String(until)}. Try again then.`,
  "settler.not_aborted": msg`The hub has not called it off, so nothing is undone or crossed out. Reload the page.`,
  "settler.not_due": msg`This is not due: what it would undo has not run, or is being waited for. Reload the page.`,
  "settler.value_missing": msg`The value of this leg was not sent along. Reload the page, and try again.`,
  "settler.starved": msg`The leg wants more gas than it was given. Try again, and give it more.`,
  "attesters.expired": msg`What attesters signed of it is too old by now. Reload the page, and try again.`,
  "attesters.no_quorum": msg`Too few attesters have signed it yet. Wait a moment, and try again.`,
  "attesters.set_too_old": msg`This chain has not been told for long who attests now. Anybody may tell it; try again later.`,
};

bringWords(BundlesError, PLAIN_BUNDLES);
