import { type Address, defineErrors, type Hex } from "@sooth/kernel";

/**
 * The markets' errors. Rows of the first group pair with the Solidity error of the same name (`markets.bad_nonce` is
 * `Markets_BadNonce`); a test pairs them all, by name and by the names of their data.
 */
export const MarketsError = defineErrors("markets", {
  bad_terms: { status: 400, text: (d: { what: string }) => `the market's terms do not hold: ${d.what}` },
  already_open: { status: 409, text: (d: { market: Hex }) => `market ${d.market} is open already` },
  unknown: { status: 404, text: (d: { market: string }) => `no market ${d.market}` },
  closed: {
    status: 409,
    text: (d: { market: Hex; closesAt: number }) => `market ${d.market} took stakes until ${d.closesAt}`,
  },
  no_such_outcome: {
    status: 400,
    text: (d: { market: Hex; outcome: number }) => `market ${d.market} has no outcome ${d.outcome}`,
  },
  stake_too_small: {
    status: 400,
    text: (d: { amount: bigint; minimum: bigint }) => `${d.amount} is below the least stake of ${d.minimum}`,
  },
  pool_full: {
    status: 409,
    text: (d: { market: Hex; outcome: number }) =>
      `the pool of outcome ${d.outcome} of market ${d.market} cannot hold this stake`,
  },
  not_settled: {
    status: 409,
    retry: true,
    text: (d: { market: Hex }) => `market ${d.market} waits for a final answer`,
  },
  nothing_to_claim: {
    status: 409,
    text: (d: { market: Hex; owner: Address; outcome: number }) =>
      `${d.owner} has nothing to claim on outcome ${d.outcome} of market ${d.market}`,
  },
  lost: {
    status: 409,
    text: (d: { market: Hex; outcome: number; winner: number }) =>
      `outcome ${d.outcome} of market ${d.market} lost to outcome ${d.winner}`,
  },
  no_fee: { status: 409, text: (d: { market: Hex }) => `market ${d.market} has no fee to collect` },
  intent_expired: {
    status: 409,
    text: (d: { deadline: number }) => `the intent was good until ${d.deadline}: sign it anew`,
  },
  bad_nonce: {
    status: 409,
    text: (d: { owner: Address; expected: bigint; got: bigint }) =>
      `the next nonce of ${d.owner} is ${d.expected}, not ${d.got}: sign the intent anew`,
  },
  bad_signature: {
    status: 400,
    text: (d: { owner: Address }) => `the signature over the intent is not ${d.owner}'s`,
  },
  transfer_failed: { status: 409, text: () => "the collateral refused the payment" },
  transfer_from_failed: {
    status: 409,
    text: () => "the collateral could not be taken: balance or allowance is missing",
  },

  // Without a counterpart on chain.
  unknown_question: {
    status: 404,
    retry: true,
    text: (d: { question: Hex }) => `no question ${d.question}; one just asked appears with its block`,
  },
  not_followed: { status: 503, retry: true, text: () => "no block has been followed yet; try again soon" },
  bad_cursor: { status: 400, text: (d: { cursor: string }) => `"${d.cursor}" is not a cursor of this list` },
  bad_amount: {
    status: 400,
    text: (d: { amount: string; most: bigint }) => `${d.amount} is not an amount from 1 to ${d.most}`,
  },
  intent_too_long: {
    status: 400,
    text: (d: { deadline: number; latest: number }) =>
      `the intent is good until ${d.deadline}, later than ${d.latest}: nobody should wait so long`,
  },
  balance_too_small: {
    status: 409,
    text: (d: { owner: Address; balance: bigint; amount: bigint }) =>
      `${d.owner} has ${d.balance} of collateral, not ${d.amount}`,
  },
  allowance_too_small: {
    status: 409,
    text: (d: { owner: Address; allowance: bigint; amount: bigint }) =>
      `${d.owner} lets Markets take ${d.allowance}, not ${d.amount}: send a permit along`,
  },
  judges_this: {
    status: 409,
    text: (d: { owner: Address; provider: Address; domain: number }) =>
      `${d.owner} is of provider ${d.provider}, who answers in domain ${d.domain} and so may be asked to decide this market: who judges holds no stake`,
  },
  bad_permit: { status: 400, text: (d: { what: string }) => `the permit does not hold: ${d.what}` },
  stake_pending: {
    status: 409,
    retry: true,
    text: (d: { owner: Address; relay: string }) =>
      `another stake of ${d.owner} is on its way (${d.relay}); the next one needs its nonce`,
  },
  too_many_stakes: {
    status: 429,
    retry: true,
    text: (d: { owner: Address; retryAfterSeconds: number }) =>
      `${d.owner} had many stakes relayed; try again in ${d.retryAfterSeconds} s`,
  },
  relay_too_costly: {
    status: 409,
    text: (d: { owner: Address; gas: bigint }) =>
      `this stake of ${d.owner} takes more than the ${d.gas} gas that is paid for one; send the transaction yourself`,
  },
  relay_busy: {
    status: 429,
    retry: true,
    text: (d: { retryAfterSeconds: number }) =>
      `many stakes are being relayed; try again in ${d.retryAfterSeconds} s, or send the transaction yourself`,
  },
  would_fail: { status: 409, text: (d: { reason: string }) => `the contract would refuse this: ${d.reason}` },
  relay_failed: {
    status: 409,
    text: (d: { reason: string }) => `the stake did not go through, nothing was taken: ${d.reason}`,
  },
  relay_off: {
    status: 403,
    text: () => "this server relays no stakes; send the transaction yourself",
  },
  bad_labels: { status: 400, text: (d: { what: string }) => `the labels do not fit the opinions: ${d.what}` },
  bad_model: { status: 500, text: (d: { what: string }) => `the analyst's model cannot be read: ${d.what}` },
  unknown_relay: { status: 404, text: (d: { relay: string }) => `no relayed stake ${d.relay}` },
});
