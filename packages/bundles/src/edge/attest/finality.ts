import { type ChainDefinition, isLocal } from "@sooth/chain";
import { BundlesError, type FinalityPolicy, type Leg, type Wait, waitFor } from "../../core/index.ts";

const ETHER = 10n ** 18n;
/** Two blocks hold against what happens by chance; about 1,000 dollars is worth nobody's attack on a sequencer. */
const SMALL = (3n * ETHER) / 10n;
const MIDDLE = 15n * ETHER;

/** Chains whose own blocks are what others rest on, or that went back many blocks before. */
const SLOW: ReadonlySet<number> = new Set([1, 11_155_111, 137, 80_002]);

/**
 * How long a chain is waited for where nobody says otherwise. A local node takes nothing back by itself, and mines nothing
 * either when nobody sends.
 */
export function defaultPolicy({ id }: Pick<ChainDefinition, "id">): FinalityPolicy {
  if (isLocal(id)) return [{ upTo: null, wait: { blocks: 0 } }];
  if (SLOW.has(id))
    return [
      { upTo: SMALL, wait: { blocks: 3 } },
      { upTo: null, wait: "finalized" },
    ];
  return [
    { upTo: SMALL, wait: { blocks: 2 } },
    { upTo: MIDDLE, wait: "safe" },
    { upTo: null, wait: "finalized" },
  ];
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

/**
 * What is known to hang on a bundle, in wei: its fee, which receipts pay out, and all that its legs send. Null when it is not
 * known: of payloads that are private, of calls (also without calldata: a contract may move anything when it is paid by an account
 * that it trusts), and of tokens, of which nobody here knows the worth. Coins of several chains count as one: more, never less.
 */
export function valueOf(legs: readonly Pick<Leg, "kind" | "value">[] | null, fee: bigint): bigint | null {
  if (legs === null || legs.some(({ kind }) => kind !== "value")) return null;
  return legs.reduce((sum, { value }) => sum + value, fee);
}

/** How long to wait for a fact on which this much hangs. @throws bundles.no_policy */
export function waitOf(policy: FinalityPolicy, value: bigint | null): Wait {
  if (value === null) {
    const last = policy.at(-1);
    if (last?.upTo !== null) throw BundlesError.no_policy({ value: 0n });
    return last.wait;
  }
  return waitFor(policy, value);
}
