export * from "./campaign.ts";
export * from "./fault-text.ts";
export * from "./model/index.ts";
export * from "./mutants.ts";
export * from "./plan.ts";
export * from "./run.ts";
export * from "./shrink.ts";
export * from "./wishes.ts";
