import { localChain } from "./local.ts";

export const localRollupA = localChain({ id: 31338, name: "local-rollup-a", role: "rollup" });
