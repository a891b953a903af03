export * from "./escrow.ts";
export * from "./evidence.ts";
export * from "./hub.ts";
export * from "./opening.ts";
export * from "./settler.ts";
