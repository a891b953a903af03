import { type Address, defineErrors } from "@sooth/kernel";

/** Who is signed in. None of these has a counterpart on chain. */
export const SessionError = defineErrors("session", {
  bad_message: {
    status: 400,
    text: (d: { what: string }) => `this message signs nobody in here: ${d.what}`,
  },
  stale_nonce: {
    status: 409,
    text: () => "the nonce was not given here, was used, or is older than ten minutes; begin anew",
  },
  bad_signature: { status: 400, text: (d: { address: Address }) => `the signature is not ${d.address}'s` },
  not_signed_in: { status: 401, text: () => "sign in with your wallet first" },
  cross_site: {
    status: 403,
    text: () =>
      "a page of another site sent this; what is done in your name is taken from this site's pages alone",
  },
  unknown_origin: {
    status: 403,
    text: (d: { origin: string }) =>
      `nobody signs in at ${d.origin}: the operator has not named it in SESSIONS_ORIGINS`,
  },
});
