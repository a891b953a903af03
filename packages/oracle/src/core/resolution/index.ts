export * from "./abstention.ts";
export * from "./attempt.ts";
export * from "./attempts-of.ts";
export * from "./extension.ts";
export * from "./silence-claim.ts";
