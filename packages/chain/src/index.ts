export * from "./chain-error.ts";
export * from "./chains/index.ts";
export * from "./deployments/index.ts";
export * from "./logs.ts";
export type * from "./rpc/chain.ts";
export { openChain } from "./rpc/open-chain.ts";
