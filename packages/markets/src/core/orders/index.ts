export * from "./book.ts";
export * from "./cover.ts";
export { OutcomesError } from "./errors.ts";
export * from "./gas-share.ts";
export * from "./limits.ts";
export * from "./order.ts";
export * from "./plan-matches.ts";
export * from "./wire.ts";
