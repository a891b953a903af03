export { attesterLimits, attestersOn } from "./attester-set.ts";
export { policiesOf } from "./finality.ts";
export { type AttesterOptions, runAttester } from "./run-attester.ts";
export type { NodeView, Sighting } from "./sight.ts";
