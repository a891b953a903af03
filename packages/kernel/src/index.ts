export * from "./app-error.ts";
export * from "./canonical-json.ts";
export * from "./exact.ts";
export * from "./keccak.ts";
export * from "./kernel-error.ts";
export * from "./loopback.ts";
export * from "./units.ts";
