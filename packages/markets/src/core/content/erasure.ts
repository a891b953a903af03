import type { Address, Hex } from "@sooth/kernel";
import type { OracleDomain } from "@sooth/oracle/core";

/** Longer, and somebody who changed his mind would find his text erased by an old signature. In seconds. */
export const ERASURE_SECONDS = 3_600;

export type Erasure = { sha256: Hex; owner: Address; deadline: number };
/** EIP-712 by which who staked with a text has it erased. `deadline` in unix seconds. */
export const erasureTypedData = ({ chainId, oracle }: OracleDomain, { sha256, owner, deadline }: Erasure) =>
  ({
    domain: { name: "Sooth content", version: "1", chainId, verifyingContract: oracle },
    types: {
      Erasure: [
        { name: "sha256", type: "bytes32" },
        { name: "owner", type: "address" },
        { name: "deadline", type: "uint64" },
      ],
    },
    primaryType: "Erasure",
    message: { sha256, owner, deadline: BigInt(deadline) },
  }) as const;
