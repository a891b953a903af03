import { epochsAbi } from "@sooth/abi";
import { askedOnce } from "@sooth/chain";
import type { PeriodRules } from "../../core/index.ts";

/** @throws chain.rpc_unreachable */
export const periodRules = askedOnce((hub, addresses): Promise<PeriodRules> =>
  hub.client.readContract({ address: addresses.epochs, abi: epochsAbi, functionName: "rules" }),
);
