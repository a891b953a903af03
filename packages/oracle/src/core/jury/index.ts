export * from "./batch.ts";
export * from "./draw.ts";
export * from "./errors.ts";
export * from "./jury.ts";
export * from "./seat-stakes.ts";
export * from "./verdict.ts";
export * from "./vote.ts";
