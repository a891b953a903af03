import { alert, counter, gauge, histogram } from "@sooth/runtime";

const HOP_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60];

export const relayHop = histogram(
  "bundles_relay_hop_seconds",
  "How long a relayed step took: waiting for others of its batch, for attesters, for a try, to leave, to be mined",
  ["hop"],
  HOP_SECONDS,
);
export const relayBatch = histogram(
  "bundles_relay_batch_size",
  "Calls in a relayer's transaction",
  ["what"],
  [1, 2, 5, 10, 20, 30, 40, 50],
);
export const relayWaiting = gauge(
  "bundles_relay_waiting",
  "Steps of bundles that can be taken and wait for a lane",
  ["chain"],
);
export const relaySent = counter("bundles_relay_sent_total", "Steps of bundles that left in a transaction", [
  "chain",
  "what",
]);
export const relayHeldBack = counter(
  "bundles_relay_held_back_total",
  "Steps that were not taken: they would fail, or nobody attests yet what they need",
  ["chain", "what", "why"],
);
export const relayUnpaid = gauge(
  "bundles_relay_unpaid",
  "Open bundles that pay less than this relayer works for, or than their next step may cost",
);
export const relaySpent = counter(
  "bundles_relay_spent_total",
  "Coins of the hub that steps of bundles cost, as receipts say, with what legs were handed",
  ["what"],
);
export const relayEarned = counter(
  "bundles_relay_earned_total",
  "Coins of the hub that legs of ours brought, of bundles whose shares this relayer settled",
);
export const refilled = counter(
  "bundles_refilled_total",
  "Coins of the hub that accounts of the bundler were given of what was earned there",
);
export const refillWanting = gauge(
  "bundles_refill_wanting",
  "Accounts of the bundler at the hub that have less than they should and are not filled up: nothing is left of the credit, or of the day",
  ["why"],
);
export const relayInVain = counter(
  "bundles_relay_in_vain_total",
  "Steps that were sent, and did nothing in their block: what is called did otherwise than when it was tried",
  ["what"],
);
export const relayFailures = counter("bundles_relay_failures_total", "Rounds of the bundler that failed", [
  "part",
]);
export const relayFollowed = gauge("bundles_relay_followed", "Bundles that are not over");

export const refillWantingAlert = alert({
  id: "bundles.refill_wanting",
  severity: "ticket",
  forSeconds: 600,
  when: `sum(${refillWanting.metric}) > 0`,
  runbook: "docs/runbooks/bundles.md#accounts-are-not-filled-up",
});
export const relayStandsStillAlert = alert({
  id: "bundles.relay_stands_still",
  severity: "page",
  forSeconds: 300,
  when: `${relayWaiting.metric} > 0 unless on (chain) sum by (chain) (increase(${relaySent.metric}[5m])) > 0`,
  runbook: "docs/runbooks/bundles.md#nothing-is-relayed",
});
