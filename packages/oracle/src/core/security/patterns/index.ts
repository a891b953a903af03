export * from "./brakes-set.ts";
export * from "./dispute-surge.ts";
export * from "./gas-censorship.ts";
export * from "./late-burst.ts";
export * from "./new-key-cluster.ts";
export * from "./source-outage.ts";
export * from "./stake-churn.ts";
export * from "./stale-value.ts";
