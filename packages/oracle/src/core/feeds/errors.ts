import { defineErrors, sayingValues, type Hex } from "@sooth/kernel";

/** The feeds' errors: each pairs with the Solidity error of the same name, but for the last seven. */
export const FeedsError = defineErrors("feeds", {
  bad_terms: { status: 400, text: (d: { what: string }) => `the terms of the feed do not hold: ${d.what}` },
  schema_mismatch: { status: 400, text: sayingValues("the schema is not the terms'") },
  wrong_scheme: { status: 400, text: sayingValues("the feed is told in another way") },
  paused: { status: 409, retry: true, text: sayingValues("updates are held up") },
  stale_epoch: { status: 409, text: sayingValues("signed for an epoch that is over") },
  not_newer: { status: 409, text: sayingValues("the feed was told since") },
  from_the_future: { status: 400, text: sayingValues("the moment lies ahead") },
  too_old: { status: 409, text: sayingValues("the moment is more than a heartbeat ago") },
  no_quorum: { status: 409, text: sayingValues("too little weight signed") },
  needs_more: {
    status: 409,
    text: (d: { feed: Hex; bps: bigint }) =>
      `after a jump or a silence ${d.bps} of 10000 of all weight must sign for ${d.feed}`,
  },
  bad_signature: {
    status: 400,
    text: (d: { feed: Hex }) => `the signature is not for this update of ${d.feed}`,
  },
  aggregation_off: { status: 409, text: () => "aggregated signatures are switched off in this deployment" },
  no_schnorr_set: {
    status: 409,
    text: sayingValues("nobody built the points of the signers"),
  },
  schnorr_set_stands: { status: 409, text: sayingValues("the points are still good") },
  bad_point: {
    status: 400,
    text: (d: { seat: bigint }) => `the point of seat ${d.seat} is not its signer's`,
  },
  no_data: { status: 404, text: (d: { feed: Hex }) => `nobody told ${d.feed} yet` },
  bad_nonce: {
    status: 400,
    text: (d: { seat: number }) => `the nonces or the key of seat ${d.seat} are missing, or no points`,
  },
  unknown_feed: { status: 404, text: (d: { feed: Hex }) => `there is no feed ${d.feed}` },
  not_told: { status: 409, text: (d: { feed: Hex }) => `this server sends no updates of ${d.feed}` },
  not_a_moment: {
    status: 400,
    text: (d: { feed: Hex; observedAt: number; step: number }) =>
      `${d.feed} is told at multiples of ${d.step} seconds, not at ${d.observedAt}`,
  },
  equivocation: {
    status: 409,
    text: (d: { feed: Hex; signer: Hex; first: bigint; second: bigint }) =>
      `${d.signer} has signed ${d.first} for this moment of ${d.feed}, and now ${d.second}; both are kept`,
  },
  no_report: {
    status: 404,
    retry: true,
    text: (d: { feed: Hex }) => `no quorum's reports of one moment of ${d.feed} are held here`,
  },
  bad_part: { status: 400, text: (d: { seat: number }) => `the part of seat ${d.seat} is missing or wrong` },
});
