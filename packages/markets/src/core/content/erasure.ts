import type { Address, Hex } from "@sooth/kernel";
import type { OracleDomain } from "@sooth/oracle/core";

/** Longer, and somebody who changed his mind would find his text erased by an old signature. In seconds. */
export const ERASURE_SECONDS = 3_600;

/**
 * A signed stake is good for an hour, and has to be followed: what was on its way when something was asked is there by then. In
 * seconds.
 */
export const UNDER_WAY_SECONDS = 7_200;

export type Erasure = { sha256: Hex; owner: Address; deadline: number };
const domainOf = ({ chainId, oracle }: OracleDomain) =>
  ({ name: "Sooth content", version: "1", chainId, verifyingContract: oracle }) as const;
const fields = [
  { name: "sha256", type: "bytes32" },
  { name: "owner", type: "address" },
  { name: "deadline", type: "uint64" },
] as const;

/** EIP-712 by which who staked with a text asks to have it erased. `deadline` in unix seconds. */
export const erasureTypedData = (domain: OracleDomain, { sha256, owner, deadline }: Erasure) =>
  ({
    domain: domainOf(domain),
    types: { Erasure: fields },
    primaryType: "Erasure",
    message: { sha256, owner, deadline: BigInt(deadline) },
  }) as const;

/** EIP-712 by which he takes that back. */
export const keepingTypedData = (domain: OracleDomain, { sha256, owner, deadline }: Erasure) =>
  ({
    domain: domainOf(domain),
    types: { Keeping: fields },
    primaryType: "Keeping",
    message: { sha256, owner, deadline: BigInt(deadline) },
  }) as const;
