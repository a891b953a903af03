export * from "./advice.ts";
export * from "./wire.ts";
