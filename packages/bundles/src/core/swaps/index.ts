export * from "./hash-locks.ts";
export * from "./orders.ts";
