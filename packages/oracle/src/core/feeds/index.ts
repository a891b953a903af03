export * from "./aggregate-signature.ts";
export { FeedsError } from "./errors.ts";
export * from "./feed-word.ts";
