import { BundlesError } from "../errors.ts";
import type { Leg } from "../types.ts";
import { type FinalityPolicy, type Wait, waitFor } from "./finality.ts";

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
export function defaultPolicy({ id, isLocal }: { id: number; isLocal: boolean }): FinalityPolicy {
  if (isLocal) return [{ upTo: null, wait: { blocks: 0 } }];
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
