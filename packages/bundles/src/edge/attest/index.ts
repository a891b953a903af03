export { attesterLimits } from "./attester-set.ts";
export { defaultPolicy, parsePolicies } from "./finality.ts";
export { type AttesterOptions, runAttester } from "./run-attester.ts";
export type { NodeView } from "./sight.ts";
