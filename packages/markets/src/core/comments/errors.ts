import { type Address, defineErrors } from "@sooth/kernel";

/** What people say below markets. None of these has a counterpart on chain. */
export const CommentsError = defineErrors("comments", {
  bad_text: { status: 400, text: (d: { what: string }) => `the comment is not taken: ${d.what}` },
  unknown: { status: 404, text: (d: { comment: string }) => `there is no comment ${d.comment}` },
  unknown_market: { status: 404, text: (d: { market: string }) => `there is no market ${d.market}` },
  other_market: {
    status: 400,
    text: (d: { comment: string }) => `comment ${d.comment} stands below another market`,
  },
  too_deep: {
    status: 400,
    text: (d: { comment: string }) => `comment ${d.comment} is a reply itself; reply to its thread`,
  },
  gone: { status: 410, text: (d: { comment: string }) => `comment ${d.comment} was deleted or is hidden` },
  not_yours: {
    status: 403,
    text: (d: { comment: string; who: Address }) => `comment ${d.comment} is not ${d.who}'s`,
  },
  own: { status: 409, text: (d: { comment: string }) => `comment ${d.comment} is your own` },
  repeated: { status: 409, text: () => "you said the very same here within the last day" },
  too_many: {
    status: 429,
    retry: true,
    text: (d: { who: Address; retryAfterSeconds: number }) =>
      `${d.who} said much in a short time; try again in ${d.retryAfterSeconds} s`,
  },
  market_busy: {
    status: 429,
    retry: true,
    text: (d: { market: string; retryAfterSeconds: number }) =>
      `much is said below ${d.market}; try again in ${d.retryAfterSeconds} s`,
  },
});
