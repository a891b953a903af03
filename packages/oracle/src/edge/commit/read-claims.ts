import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import {
  type CommitmentClaim,
  commitmentTypedData,
  type OracleDomain,
  type ReadClaim,
} from "../../core/index.ts";

/** Whose keys signed the commitments of a batch. */
export const readClaims = (
  domain: OracleDomain,
  of: Omit<CommitmentClaim, "commitment">,
  claims: readonly { seat: number; commitment: string; signature: string }[],
): ReadClaim[] =>
  claims.map(({ seat, signature, ...each }) => {
    const commitment = each.commitment as Hex;
    const digest = hashTypedData(commitmentTypedData(domain, { ...of, commitment }));
    return { seat, commitment, signer: signerOf(digest, signature as Hex) };
  });
