import { defineErrors } from "@sooth/kernel";

type OfJuror = { jury: string; juror: number };

/** What the API says about disputes and juries, besides what the contracts say themselves. */
export const DisputeError = defineErrors("dispute", {
  unknown_dispute: { status: 404, text: (d: { dispute: string }) => `no dispute ${d.dispute}` },
  unknown_jury: { status: 404, text: (d: { jury: string }) => `no jury ${d.jury}` },
  not_disputable: {
    status: 409,
    text: (d: { question: string; status: string }) =>
      `nobody can object to ${d.question} now: it is ${d.status}`,
  },
  same_claim: { status: 400, text: (d: { claim: string }) => `the answer is ${d.claim} already` },
  bad_claim: { status: 400, text: (d: { claim: string }) => `"${d.claim}" is no answer to this question` },
  bad_reason: { status: 400, text: (d: { what: string }) => `this is no reason that is kept: ${d.what}` },
  reason_erased: {
    status: 410,
    text: (d: { reason: string }) => `the text of reason ${d.reason} was erased, and is not taken again`,
  },
  no_appeal: {
    status: 409,
    text: (d: { dispute: string; stage: string }) =>
      `nobody can appeal in ${d.dispute} now: it is ${d.stage}`,
  },
  unknown_appeal: {
    status: 404,
    retry: true,
    text: (d: { dispute: string; transaction: string }) =>
      `no appeal in ${d.dispute} was made by ${d.transaction}, as far as blocks are followed here`,
  },
  not_appellant: {
    status: 403,
    text: (d: { account: string }) => `the signature is not of ${d.account}, who appealed`,
  },
  reason_given: {
    status: 409,
    text: (d: { transaction: string }) => `another reason of the appeal ${d.transaction} is kept already`,
  },
  same_choice: {
    status: 400,
    text: (d: { choice: number }) => `choice ${d.choice} stands already: an appeal backs another one`,
  },
  short_of_collateral: {
    status: 409,
    text: (d: { account: string; has: bigint; wanted: bigint }) =>
      `${d.account} has ${d.has} collateral and credit, not ${d.wanted}`,
  },
  wrong_phase: {
    status: 409,
    retry: true,
    text: (d: { jury: string; phase: string; wanted: string }) =>
      `jury ${d.jury} is in its ${d.phase} window, this is for the ${d.wanted} window`,
  },
  not_drawn_yet: {
    status: 409,
    retry: true,
    text: (d: { jury: string }) => `jury ${d.jury} is not drawn: its round of the beacon is not proved`,
  },
  not_drawn: { status: 403, text: (d: OfJuror) => `juror ${d.juror} holds no seat of jury ${d.jury}` },
  bad_vote_signature: {
    status: 400,
    text: (d: OfJuror) => `the signature is not juror ${d.juror}'s for this commitment and jury ${d.jury}`,
  },
  committed_otherwise: {
    status: 409,
    text: (d: OfJuror) => `juror ${d.juror} handed another commitment to jury ${d.jury}; both are kept`,
  },
  not_committed_here: {
    status: 409,
    text: (d: OfJuror) => `juror ${d.juror} handed no commitment to jury ${d.jury} here`,
  },
  batch_withheld: {
    status: 502,
    retry: true,
    text: (d: { jury: string }) => `no collector shows the batch of jury ${d.jury} that holds this vote`,
  },
  opens_nothing: {
    status: 400,
    text: (d: OfJuror) => `this does not open what juror ${d.juror} committed to in jury ${d.jury}`,
  },
});
