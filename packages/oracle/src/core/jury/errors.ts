import { defineErrors, sayingValues, type Hex } from "@sooth/kernel";

/** The court's errors: each pairs with the Solidity error of the same name (`court.not_drawn` is `Court_NotDrawn`). */
export const CourtError = defineErrors("court", {
  bad_terms: { status: 400, text: (d: { what: string }) => `the terms of the jury do not hold: ${d.what}` },
  not_arbitrable: { status: 403, text: sayingValues("only ladder and slasher open juries") },
  too_few_jurors: {
    status: 409,
    text: (d: { eligible: number | bigint; wanted: number | bigint }) =>
      `${d.eligible} jurors may sit, the jury takes ${d.wanted}`,
  },
  stale_jurors: {
    status: 409,
    text: sayingValues("the snapshot of jurors is too old, have the next one taken"),
  },
  already_open: { status: 409, text: (d: { jury: Hex }) => `jury ${d.jury} is open already` },
  unknown_jury: { status: 404, text: (d: { jury: Hex }) => `no jury has the terms of ${d.jury}` },
  wrong_time: {
    status: 409,
    retry: true,
    text: sayingValues("this is not the time for it, by the court's clock"),
  },
  not_posted: { status: 409, text: sayingValues("nobody posted this batch") },
  bad_opening: { status: 400, text: sayingValues("the opening does not hold") },
  bad_signature: { status: 400, text: sayingValues("the juror did not sign this") },
  not_drawn: { status: 403, text: sayingValues("the juror was not drawn") },
  already_committed: { status: 409, text: sayingValues("the juror has committed himself") },
  not_committed: { status: 409, text: sayingValues("the juror has not committed himself") },
  has_voted: { status: 409, text: sayingValues("the juror has voted") },
  already_shown: { status: 409, text: sayingValues("this fault was shown before") },
  not_ended: { status: 409, retry: true, text: sayingValues("the jury has not ended") },
  already_closed: { status: 409, text: (d: { jury: Hex }) => `jury ${d.jury} was closed before` },
});
