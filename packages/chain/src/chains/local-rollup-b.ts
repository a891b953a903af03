import { localChain } from "./local.ts";

export const localRollupB = localChain({ id: 31339, name: "local-rollup-b", role: "rollup" });
