import type { MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
/** Values of an error as people read them: amounts in whole collateral, moments as dates, ids shortened. */
type Values = Readonly<Record<string, unknown>>;
export type Sentence = MessageDescriptor | ((values: Values) => string);

/**
 * Errors that a person meets in a dialog: what is wrong, and what to do next. The rows of the slices name values for
 * programs; here their reader has a wallet and wants something. Codes as the API and the contracts have them.
 */
export const PLAIN: Readonly<Record<string, Sentence>> = {
  /* DISPUTES AND APPEALS */
  "dispute.unknown_dispute": msg`There is no such dispute. Reload the page and take it from the list.`,
  "dispute.unknown_jury": msg`There is no such jury. Open it from the dispute that it belongs to.`,
  "dispute.not_disputable": ({ status }) =>
    status === "final"
      ? t`It is too late: the answer is final, and nobody can object to it any more.`
      : status === "disputed"
        ? t`Somebody has objected already. Wait for the verdict of that dispute, and appeal if you disagree.`
        : t`Nobody can object now, because the question is ${String(status)}. Wait until it has an answer.`,
  "dispute.same_claim": ({ claim }) =>
    t`The answer is ${String(claim)} already. Claim what is right instead, or leave it as it is.`,
  "dispute.bad_claim": ({ claim }) =>
    t`“${String(claim)}” is no answer to this question. Name an outcome, or a number in its unit.`,
  "dispute.bad_reason": msg`This text cannot be kept as a reason. Write a page of plain text at most, or leave the reason away.`,
  "dispute.reason_erased": msg`This very text was erased here and is not taken again. Write it in other words, or leave the reason away.`,
  "dispute.no_appeal": msg`No appeal is taken now: its time is over, or the dispute is not at a verdict. Look at its steps for what comes next.`,
  "dispute.unknown_appeal": msg`Your appeal has not been seen here yet. Wait a moment, and sign your reason once more.`,
  "dispute.not_appellant": msg`Only who appealed may say why. Connect that wallet.`,
  "dispute.reason_given": msg`You have said why you appeal already, and what was said first stands.`,
  "dispute.same_choice": msg`This stands already. An appeal backs another outcome: choose one.`,
  "dispute.short_of_collateral": ({ has, wanted }) =>
    t`The deposit is ${String(wanted)}, and this wallet has ${String(has)}. Bring the rest, or connect another wallet.`,
  "oracle.not_disputable": msg`Nobody can object now: the answer is final, or disputed already. Reload the page to see where it stands.`,
  "oracle.bad_claim": msg`This claim says what the answer says, or is no possible answer. Claim something else.`,
  "oracle.not_the_dispute": msg`This dispute is over or has gone on. Reload the page to see where it stands.`,
  "oracle.out_of_bounds": ({ value }) =>
    t`${String(value)} lies outside the bounds of this question. Look at its terms, and claim a number between them.`,
  "oracle.not_a_number": ({ text }) =>
    t`“${String(text)}” is not a decimal number. Write it with digits and one point, as 2400.50.`,
  "oracle.insufficient_credit": ({ credit, wanted }) =>
    t`The oracle holds ${String(credit)} for this wallet, and ${String(wanted)} is needed. Bring the deposit first.`,
  "ladder.not_the_terms": msg`The question and the dispute do not belong together. Reload the page, and try again.`,
  "ladder.wrong_stage": msg`The dispute has gone on in the meantime. Close this, and look at its steps.`,
  "ladder.too_late": msg`It is too late: this step of the dispute is over. Close this, and look at its steps.`,
  "ladder.too_soon": msg`It is too soon for this step of the dispute. Wait until its clock has run out.`,
  "ladder.bad_choice": msg`An appeal backs another outcome than the one that stands. Choose another one.`,
  "ladder.no_appeal": msg`The largest jury has decided, or nothing stands to appeal against. The verdict holds.`,
  "ladder.jury_only": msg`Providers are not asked again in this dispute: only a jury decides it. Wait for the draw.`,
  "ladder.unknown_jury": msg`This jury does not sit in this dispute. Reload the page to see which one does.`,
  "ladder.not_ended": msg`The jury has not ended yet. Wait until its votes are open.`,
  "ladder.not_final": msg`The answer is not final yet. Wait until its time has run out.`,

  /* CLARIFICATIONS */
  "oracle.bad_clarification": ({ what }) =>
    t`This cannot be added to the question: ${String(what)}. Change the text, or ask a new question.`,
  "oracle.not_asker": msg`Only who asked the question may do that. Connect that wallet.`,

  /* COMMENTS AND SIGN-IN */
  "session.not_signed_in": msg`You are not signed in any more. Open your wallet’s menu above, and sign in again.`,
  "session.stale_nonce": msg`That took longer than ten minutes. Sign in once more.`,
  "comments.repeated": msg`You said the very same here within the last day. It stands there already.`,
  "comments.gone": msg`This comment was deleted or hidden in the meantime. Reload the page.`,
  "comments.too_deep": msg`This is a reply itself. Reply to the comment above it.`,
  "comments.too_many": msg`You have said much in a short time. Wait a little, and try again.`,
  "comments.market_busy": msg`Much is said below this market today. Try again later.`,

  /* APPROVALS OF SCORES */
  "opinions.read_elsewhere": msg`The score of this market would not be read from its own opinions alone, so no stake is taken on it here. Look for another market.`,
  "opinions.undersecured": msg`Too little stands behind the score of this market, so no stake is taken on it here. Look for another market.`,
  "opinions.beyond_secured": msg`Less room than that is left in this market: with stakes that are being sent, the answer secures no more. Stake less, or look again in a minute.`,
  "opinions.text_erased_soon": msg`This very text is going to be erased, as who wrote it first asked, and a stake with it would lose its weight. Say it in other words.`,
  "content.erased": msg`This very text was erased on request and is not taken again. Say it in other words.`,
  "opinions.approval_expired": ({ expiresAt }) =>
    t`That was too late: the time of this signature was over. Leave it, and sign once more; what is signed now counts until ${String(expiresAt)}.`,
  "opinions.wrong_result": msg`The market comes to something else by now than what was signed. Leave it, look at the score again, and sign once more.`,
  "opinions.bad_approval": ({ member }) =>
    t`The committee does not take this signature as ${String(member)}’s over this result. Sign what this page shows now, with that member’s wallet.`,
  "opinions.not_a_member": msg`This account does not sit in the committee any more. Connect a member’s wallet.`,
  "opinions.already_approved": msg`This member has signed this result already. Nothing is left to do.`,
  "opinions.no_members": msg`This server does not know yet who sits in the committee. Wait for the next block, and try again.`,

  /* JURIES */
  "court.stale_jurors": msg`The list of jurors is too old to draw from. Anybody may have it taken anew; try again in a few minutes.`,
  "dispute.wrong_phase": ({ phase, wanted }) =>
    wanted === "commit"
      ? phase === "evidence"
        ? t`It is too early to vote: jurors read the evidence. Come back when votes are handed in.`
        : t`It is too late to vote: votes are being opened. A vote that is missing costs stake.`
      : phase === "commit" || phase === "evidence"
        ? t`It is too early to open your vote. Come back when all votes are in.`
        : t`It is too late to open your vote: the jury has ended.`,
  "dispute.not_drawn_yet": msg`The jury is not drawn yet. Wait for the beacon’s round, a few seconds as a rule.`,
  "dispute.not_drawn": msg`You hold no seat of this jury, so that your vote would not count. Connect the juror’s wallet.`,
  "dispute.bad_vote_signature": msg`This was not signed with the juror’s signing key. Paste the key whose address is told above.`,
  "dispute.committed_otherwise": msg`You have sealed another vote for this jury. Open that one; two sealed votes cost stake.`,
  "dispute.not_committed_here": msg`This server holds no sealed vote of yours for this jury. It has to be opened where it was handed over.`,
  "dispute.opens_nothing": msg`This does not open the vote that you sealed. Take the file that you saved then.`,
  "dispute.batch_withheld": msg`The vote is sealed, and nobody shows the batch that it is in. Try again, or through another server.`,
  "court.too_few_jurors": msg`Too few jurors may sit, so that no jury can be drawn now. Try again after the next snapshot of jurors.`,
  "court.already_open": msg`This jury sits already. Reload the page to see it.`,
  "court.unknown_jury": msg`There is no such jury. Open it from the dispute that it belongs to.`,
  "court.wrong_time": msg`This is not the time for it. Look at the jury’s clock for what is due now.`,
  "court.not_posted": msg`The batch with this vote is not on the chain. Hand the vote over again.`,
  "court.bad_opening": msg`This does not open the vote that you sealed. Take the file that you saved then.`,
  "court.bad_signature": msg`This was not signed with the juror’s signing key. Paste the key whose address is told above.`,
  "court.not_drawn": msg`You hold no seat of this jury, so that your vote would not count. Connect the juror’s wallet.`,
  "court.already_committed": msg`You have sealed a vote for this jury already. Open that one when it is time.`,
  "court.not_committed": msg`You have sealed no vote for this jury. Seal one while votes are handed in.`,
  "court.has_voted": msg`You have voted in this jury. There is nothing left to do.`,
  "court.not_ended": msg`The jury has not ended yet. Wait until its votes are open.`,
  "court.already_closed": msg`This jury was closed before. Reload the page to see its verdict.`,

  /* STAKES */
  "stake_manager.already_joined": msg`This wallet has joined already. Open your provider’s page to change something.`,
  "stake_manager.signer_taken": msg`This signing key serves another provider. Make a new one.`,
  "stake_manager.banned": msg`This owner is banned for ever, and cannot stake again.`,
  "stake_manager.not_trusted": msg`This domain seats providers of a list only. Ask who keeps the list, or serve another domain.`,
  "stake_manager.frozen": ({ until }) => t`A case keeps the stake until ${String(until)}. Come back then.`,
  "stake_manager.no_possession": msg`The signing key has not signed for this owner. Paste the key again.`,
  "stake_manager.not_served": msg`You do not serve this domain. Choose it among your domains first.`,
  "stake_manager.seat_not_beaten": ({ stake }) =>
    t`A seat goes to a larger stake only: the smallest of those who sit is ${String(stake)}. Add stake, and try again.`,
  "stake_manager.not_active": msg`This wallet has no stake that serves. Join first.`,
  "stake_manager.stake_too_small": ({ stake, minimum }) =>
    t`${String(stake)} is too small a stake: at least ${String(minimum)} is needed. Stake more.`,
  "stake_manager.full": ({ places, minimum }) =>
    typeof minimum === "string"
      ? t`All ${String(places)} places are taken. A place goes to a stake that is larger than the smallest, ${minimum}: add stake, and try again.`
      : t`All ${String(places)} places are taken. A place goes to a stake that is larger than the smallest: add stake, and try again.`,
  "stake_manager.not_unbonding": msg`This owner has not left. Leave first, and wait for the unbonding.`,
  "stake_manager.still_bonded": ({ unbondsAt }) =>
    t`The stake is bonded until ${String(unbondsAt)}. Come back then.`,
  "stake_manager.still_seated": msg`Your seat ends with the next epoch. Wait for it; then the unbonding runs.`,
  "stake_manager.unchanged": msg`Nothing would change. Name something else, or leave it as it is.`,
};
