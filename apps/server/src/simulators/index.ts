export * from "./exchange.ts";
export type { Fault } from "./fault.ts";
export * from "./series.ts";
export * from "./simulator-error.ts";
export * from "./sources.ts";
