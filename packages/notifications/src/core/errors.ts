import { defineErrors } from "@sooth/kernel";

/** What leaves the page. None of these has a counterpart on chain. No sentence holds an address: errors are logged. */
export const NotificationError = defineErrors("notifications", {
  no_mail: { status: 409, text: () => "this server sends no mail" },
  no_push: { status: 409, text: () => "this server pushes nothing to browsers" },
  too_many_confirmations: {
    status: 429,
    text: () => "no more letters that ask for a confirmation are sent for now; try again tomorrow",
  },
  stale_link: {
    status: 410,
    text: () => "this link was used already, is older than a day, or another one was asked for since",
  },
  unknown_push_service: {
    status: 400,
    text: (d: { origin: string }) =>
      `nothing is pushed to ${d.origin}: the operator has not named it in PUSH_SERVICES`,
  },
  bad_subscription: { status: 400, text: () => "these are not the keys of a push subscription" },
});
