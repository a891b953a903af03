export * from "./brier.ts";
export * from "./leagues.ts";
export * from "./wallet-record.ts";
export * from "./wire.ts";
