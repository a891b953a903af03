import { alert, counter, gauge } from "@sooth/runtime";

export const laneQueued = gauge("chain_lane_queued", "Transactions that wait to be signed", ["chain"]);
export const laneInFlight = gauge("chain_lane_in_flight", "Transactions sent and not mined", [
  "chain",
  "account",
]);
export const laneSent = counter("chain_lane_sent_total", "Transactions signed for the first time", [
  "chain",
  "purpose",
]);
export const laneReplaced = counter(
  "chain_lane_replaced_total",
  "Transactions signed again with higher fees",
  ["chain", "purpose"],
);
export const laneMined = counter("chain_lane_mined_total", "Transactions mined, with success", [
  "chain",
  "purpose",
]);
export const laneFailed = counter("chain_lane_failed_total", "Transactions that revert", [
  "chain",
  "purpose",
]);
export const laneRequeued = counter(
  "chain_lane_requeued_total",
  "Transactions whose nonce somebody else used",
  ["chain", "purpose"],
);
export const laneRefused = counter("chain_lane_refused_total", "Broadcasts that a node refused", [
  "chain",
  "reason",
]);
export const laneJoined = counter(
  "chain_lane_joined_total",
  "Calls that went into one transaction with others",
  ["chain", "purpose"],
);
export const laneSplit = counter(
  "chain_lane_split_total",
  "Transactions of several calls that one of them made fail, so that they were halved",
  ["chain", "purpose"],
);
export const laneFailures = counter("chain_lane_failures_total", "Rounds of a lane that failed", [
  "chain",
  "code",
]);
export const laneBalance = gauge("chain_lane_balance_ether", "Native coin of the sending account", [
  "chain",
  "account",
]);

export const laneStuckAlert = alert({
  id: "chain.lane_stuck",
  severity: "page",
  forSeconds: 300,
  when: `${laneInFlight.metric} > 0 unless on (chain) sum by (chain) (increase(${laneMined.metric}[5m])) > 0`,
  runbook: "docs/runbooks/chain.md#lane-stuck",
});
export const laneBalanceAlert = alert({
  id: "chain.lane_balance_low",
  severity: "ticket",
  forSeconds: 60,
  // About 500 transactions of 100,000 gas at 1 gwei.
  when: `${laneBalance.metric} < 0.05`,
  runbook: "docs/runbooks/chain.md#lane-balance-low",
});
