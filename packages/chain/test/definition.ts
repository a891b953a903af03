import { type ChainDefinition, localHub } from "../src/chains/index.ts";

/** Polls fast, so that tests do not wait for it. */
export const testDefinition: ChainDefinition = { ...localHub, pollMs: 20 };
