export * from "./digest.ts";
export * from "./wire.ts";
