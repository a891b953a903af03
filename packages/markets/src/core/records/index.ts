export * from "./brier.ts";
export * from "./wallet-record.ts";
export * from "./wire.ts";
