export * from "./attester.ts";
export * from "./finality.ts";
export * from "./policies.ts";
export * from "./queue.ts";
export * from "./relayer.ts";
export * from "./worth.ts";
