export * from "./check.ts";
export * from "./errors.ts";
export * from "./facts.ts";
export * from "./hashes.ts";
export * from "./types.ts";
export * from "./wire.ts";
