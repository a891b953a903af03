import { localChain } from "./local.ts";

export const localHub = localChain({ id: 31337, name: "local-hub", role: "hub" });
