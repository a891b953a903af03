export * from "./budget.ts";
export * from "./prompt.ts";
export * from "./verdict.ts";
