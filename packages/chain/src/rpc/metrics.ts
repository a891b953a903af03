import { alert, counter, histogram } from "@sooth/runtime";

/** Up to the five silences that a node is given for all of an answer. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20];

export const rpcSeconds = histogram(
  "chain_rpc_seconds",
  "Until a node of a chain answered a question, or refused it; with what it waits to leave together with others",
  ["chain", "method"],
  BUCKETS,
);
export const rpcFailures = counter(
  "chain_rpc_failures_total",
  "Questions that a node did not answer (`node`) or left to another one (`answer`)",
  ["chain", "rpc", "fault"],
);

export const rpcSlowAlert = alert({
  id: "chain.rpc_slow",
  severity: "ticket",
  forSeconds: 300,
  // Of all methods together: one that is asked once an hour says nothing of a node.
  when: `histogram_quantile(0.95, sum by (chain, le) (rate(${rpcSeconds.metric}_bucket[5m]))) > 1`,
  runbook: "docs/runbooks/chain.md#rpc-slow",
});
