import { defineErrors, type Hex } from "@sooth/kernel";

type Contract = Readonly<Record<string, unknown>>;
const told = (d: Contract): string =>
  Object.entries(d)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

/** The court's errors: each pairs with the Solidity error of the same name (`court.not_drawn` is `Court_NotDrawn`). */
export const CourtError = defineErrors("court", {
  bad_terms: { status: 400, text: (d: { what: string }) => `the terms of the jury do not hold: ${d.what}` },
  not_arbitrable: { status: 403, text: (d: Contract) => `only ladder and slasher open juries: ${told(d)}` },
  too_few_jurors: {
    status: 409,
    text: (d: { eligible: number | bigint; wanted: number | bigint }) =>
      `${d.eligible} jurors may sit, the jury takes ${d.wanted}`,
  },
  stale_jurors: {
    status: 409,
    text: (d: Contract) => `the snapshot of jurors is too old, have the next one taken: ${told(d)}`,
  },
  already_open: { status: 409, text: (d: { jury: Hex }) => `jury ${d.jury} is open already` },
  unknown_jury: { status: 404, text: (d: { jury: Hex }) => `no jury has the terms of ${d.jury}` },
  wrong_time: {
    status: 409,
    retry: true,
    text: (d: Contract) => `this is not the time for it, by the court's clock: ${told(d)}`,
  },
  not_posted: { status: 409, text: (d: Contract) => `nobody posted this batch: ${told(d)}` },
  bad_opening: { status: 400, text: (d: Contract) => `the opening does not hold: ${told(d)}` },
  bad_signature: { status: 400, text: (d: Contract) => `the juror did not sign this: ${told(d)}` },
  not_drawn: { status: 403, text: (d: Contract) => `the juror was not drawn: ${told(d)}` },
  already_committed: { status: 409, text: (d: Contract) => `the juror has committed himself: ${told(d)}` },
  not_committed: { status: 409, text: (d: Contract) => `the juror has not committed himself: ${told(d)}` },
  has_voted: { status: 409, text: (d: Contract) => `the juror has voted: ${told(d)}` },
  already_shown: { status: 409, text: (d: Contract) => `this fault was shown before: ${told(d)}` },
  not_ended: { status: 409, retry: true, text: (d: Contract) => `the jury has not ended: ${told(d)}` },
  already_closed: { status: 409, text: (d: { jury: Hex }) => `jury ${d.jury} was closed before` },
});
