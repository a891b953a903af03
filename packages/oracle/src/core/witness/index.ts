export * from "./budget.ts";
export { fenced, plainLine } from "./fence.ts";
export * from "./prompt.ts";
export * from "./verdict.ts";
