export * from "./deposit.ts";
export * from "./epoch-record.ts";
export * from "./epoch-tree.ts";
export * from "./reputation.ts";
export * from "./reward.ts";
export * from "./seat-weights.ts";
export * from "./slash.ts";
