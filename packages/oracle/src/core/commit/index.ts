export * from "./batch.ts";
export * from "./commitment.ts";
export * from "./gathering.ts";
export * from "./phase.ts";
export * from "./wire.ts";
