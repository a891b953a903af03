export * from "./aggregate-signature.ts";
export * from "./due.ts";
export { FeedsError } from "./errors.ts";
export * from "./feed-word.ts";
export * from "./report.ts";
export * from "./schema.ts";
export * from "./take.ts";
export * from "./wire.ts";
