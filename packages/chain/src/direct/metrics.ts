import { alert, counter, gauge } from "@sooth/runtime";

export const directInFlight = gauge(
  "chain_direct_in_flight",
  "Transactions of direct lanes sent and not mined",
  ["chain", "account"],
);
export const directBalance = gauge("chain_direct_balance", "Native coin of a direct lane's account", [
  "chain",
  "account",
]);
export const directSent = counter(
  "chain_direct_sent_total",
  "Transactions of direct lanes signed for the first time",
  ["chain", "purpose"],
);
export const directMined = counter(
  "chain_direct_mined_total",
  "Transactions of direct lanes mined, whatever they did",
  ["chain", "purpose"],
);
export const directReplaced = counter(
  "chain_direct_replaced_total",
  "Transactions of direct lanes signed again with higher fees",
  ["chain"],
);
export const directRefused = counter(
  "chain_direct_refused_total",
  "Broadcasts of direct lanes that a node refused",
  ["chain", "reason"],
);
export const gasPrice = gauge("chain_gas_price_gwei", "What a transaction pays for a unit of gas at most", [
  "chain",
]);

export const directBalanceAlert = alert({
  id: "chain.direct_balance_low",
  severity: "ticket",
  forSeconds: 60,
  // As of the relayer's lane: about 500 transactions of 100,000 gas at 1 gwei.
  when: `${directBalance.metric} < 0.05`,
  runbook: "docs/runbooks/chain.md#direct-balance-low",
});
