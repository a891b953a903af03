import { epochsAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import type { PeriodRules } from "../../core/index.ts";

const known = new WeakMap<Chain, Promise<PeriodRules>>();

/** Asked of the chain once: what a contract was built with does not change. @throws chain.rpc_unreachable */
export function periodRules(hub: Chain, addresses: Addresses): Promise<PeriodRules> {
  const held = known.get(hub);
  if (held) return held;
  const asked = hub.client.readContract({
    address: addresses.epochs,
    abi: epochsAbi,
    functionName: "rules",
  });
  known.set(hub, asked);
  asked.catch(() => known.delete(hub));
  return asked;
}
