import { isLocal } from "@sooth/chain";
import { BundlesError, defaultPolicy, type FinalityPolicy, type Wait } from "../../core/index.ts";

/** How long each chain is waited for: as `entries` say, and where they say nothing by default. @throws bundles.bad_policy */
export function policiesOf(entries: readonly string[]): (chainId: number) => FinalityPolicy {
  const policies = parsePolicies(entries);
  return (id) => policies.get(id) ?? defaultPolicy({ id, isLocal: isLocal(id) });
}

/**
 * `8453:300000000000000000=2`, `8453:*=finalized`: chain, up to how much wei, how many blocks or which of its own words. Tiers of
 * one chain in ascending order. @throws bundles.bad_policy
 */
export function parsePolicies(entries: readonly string[]): ReadonlyMap<number, FinalityPolicy> {
  const policies = new Map<number, { upTo: bigint | null; wait: Wait }[]>();
  for (const entry of entries) {
    const found = /^(\d+):(\d+|\*)=(\d{1,5}|safe|finalized)$/.exec(entry);
    if (!found)
      throw BundlesError.bad_policy({ entry, why: "it must be chain:wei=blocks, with * for any amount" });
    const [, id = "", amount = "", how = ""] = found;
    const wait: Wait = how === "safe" || how === "finalized" ? how : { blocks: Number(how) };
    const tiers = policies.get(Number(id)) ?? [];
    const before = tiers.at(-1)?.upTo;
    const upTo = amount === "*" ? null : BigInt(amount);
    if (before === null || (before !== undefined && upTo !== null && upTo <= before))
      throw BundlesError.bad_policy({ entry, why: "tiers of a chain must ascend" });
    policies.set(Number(id), [...tiers, { upTo, wait }]);
  }
  for (const [id, tiers] of policies)
    if (tiers.at(-1)?.upTo !== null)
      throw BundlesError.bad_policy({ entry: String(id), why: "the last tier must be for any amount" });
  return policies;
}
