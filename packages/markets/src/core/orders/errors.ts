import { type Address, defineErrors, type Hex } from "@sooth/kernel";

/**
 * Of outcome tokens and the orders that trade them. Rows of the first group pair with the Solidity error of the same name
 * (`outcomes.bad_price` is `OutcomeTokens_BadPrice`).
 */
export const OutcomesError = defineErrors("outcomes", {
  settled: { status: 409, text: () => "the question is settled: no more sets are made of it" },
  not_settled: {
    status: 409,
    retry: true,
    text: () => "nobody has written down yet what a unit of yes is worth",
  },
  not_final: { status: 409, retry: true, text: () => "the question has no final answer yet" },
  no_sides: { status: 400, text: () => "the question has no such outcome to make a yes and a no of" },
  insufficient_balance: {
    status: 409,
    text: (d: { owner: Address; balance: bigint; wanted: bigint }) =>
      `${d.owner} holds ${d.balance} of these tokens, not ${d.wanted}`,
  },
  nothing_to_redeem: {
    status: 409,
    text: (d: { owner: Address }) => `${d.owner} holds no tokens of this question`,
  },
  no_choice: { status: 400, text: () => "the question is no choice among three or more" },
  bad_outcomes: {
    status: 400,
    text: (d: { count: number }) => `name one or more of the outcomes 0 to ${d.count - 1}`,
  },
  bad_amount: { status: 400, text: (d: { amount: bigint }) => `${d.amount} is not an amount of tokens` },
  bad_price: {
    status: 400,
    text: (d: { price: bigint }) => `${d.price} is not a price from 1 to 999,999 millionths`,
  },
  expired: {
    status: 409,
    text: (d: { maker: Address; expiresAt: number }) =>
      `the order of ${d.maker} was good until ${d.expiresAt}`,
  },
  bad_signature: {
    status: 400,
    text: (d: { maker: Address }) => `the signature over the order is not ${d.maker}'s`,
  },
  nonce_used: {
    status: 409,
    text: (d: { maker: Address; nonce: bigint }) =>
      `${d.maker} used the nonce ${d.nonce}, or cancelled it: sign the order with another`,
  },

  // Without a counterpart on chain.
  unknown_order: { status: 404, text: (d: { order: string }) => `no order ${d.order}` },
  unknown_question: {
    status: 404,
    retry: true,
    text: (d: { question: Hex }) => `no question ${d.question}; one just asked appears with its block`,
  },
  not_open: {
    status: 409,
    text: (d: { question: Hex }) =>
      `question ${d.question} opens now, or is open or answered: who signs an order then may trade against whoever knows the answer`,
  },
  expires_too_late: {
    status: 400,
    text: (d: { expiresAt: number; latest: number }) =>
      `the order is good until ${d.expiresAt}, and must end by ${d.latest}: before anybody can know the answer`,
  },
  expires_too_soon: {
    status: 400,
    text: (d: { expiresAt: number; earliest: number }) =>
      `the order is good until ${d.expiresAt}; it must last until ${d.earliest} at least`,
  },
  order_too_small: {
    status: 400,
    text: (d: { amount: bigint; minimum: bigint }) => `${d.amount} is below the least order of ${d.minimum}`,
  },
  not_covered: {
    status: 409,
    text: (d: { maker: Address; has: bigint; wanted: bigint }) =>
      `beside his other orders ${d.maker} has ${d.has} for this one, not ${d.wanted}: balance or allowance is missing`,
  },
  too_many_orders: {
    status: 429,
    text: (d: { maker: Address; most: number }) =>
      `${d.maker} has ${d.most} orders here, and no more are kept of one maker: cancel some, or let them expire`,
  },
  too_little_money: {
    status: 400,
    text: (d: { money: bigint; minimum: bigint }) =>
      `${d.money} smallest units of collateral are behind the order, and ${d.minimum} is the least`,
  },
  book_full: {
    status: 429,
    retry: true,
    text: (d: { most: number; yesPrice: number }) =>
      `the book holds ${d.most} orders on this side, the worst at a price of yes of ${d.yesPrice} millionths: one at a better price takes its place`,
  },
  nothing_to_settle: {
    status: 409,
    text: (d: { question: Hex }) => `question ${d.question} is settled already`,
  },
});
