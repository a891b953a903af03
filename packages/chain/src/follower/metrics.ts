import { alert, counter, gauge, histogram } from "@sooth/runtime";

export const followerHead = gauge("chain_follower_head", "Last block whose logs are in the tables", [
  "chain",
]);
export const followerLag = gauge(
  "chain_follower_lag_blocks",
  "Blocks of the chain that are not yet in the tables",
  ["chain"],
);
export const followerEvents = counter("chain_follower_events_total", "Logs given to handlers", ["chain"]);
export const followerReorgs = counter("chain_follower_reorgs_total", "Times that blocks were taken back", [
  "chain",
]);
export const followerReorgDepth = histogram(
  "chain_follower_reorg_depth_blocks",
  "Blocks taken back at once",
  ["chain"],
  [1, 2, 5, 10, 20, 50, 128],
);
export const followerFailures = counter(
  "chain_follower_failures_total",
  "Steps of the follower that failed",
  ["chain", "code"],
);

export const followerStuckAlert = alert({
  id: "chain.follower_stuck",
  severity: "page",
  forSeconds: 300,
  when: `${followerLag.metric} > 0 and increase(${followerHead.metric}[5m]) == 0`,
  runbook: "docs/runbooks/chain.md#follower-stuck",
});
export const rpcLiedAlert = alert({
  id: "chain.rpc_lied",
  severity: "page",
  forSeconds: 0,
  when: `increase(${followerFailures.metric}{code=~"chain.rpc_lied|chain.rpc_disagrees"}[10m]) > 0`,
  runbook: "docs/runbooks/chain.md#rpc-lied",
});
