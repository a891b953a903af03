import type { Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import { z } from "zod";
import type { OracleDomain } from "../report.ts";
import { wireHex32 } from "../wire-words.ts";
import { wireReasonText } from "./reason.ts";

/**
 * Why somebody appealed: POST /v1/disputes/{id}/appeal-reasons, once the appeal is on the chain. The ladder's call has no room for a
 * reason, so whoever appealed signs the hash of his text, EIP-712 `AppealReason`.
 */
export const wireAppealReason = wireReasonText.extend({
  /** Of the appeal. */
  transaction: wireHex32,
  /** Of a key, or what a contract's account takes for one. */
  signature: z.string().regex(/^0x(?:[0-9a-fA-F]{2}){65,1024}$/),
});

export type AppealReason = { dispute: Hex; transaction: Hex; reason: Hex };

/** Another type than a report or a vote: it can never be taken for one, and binds nobody to anything but his words. */
export const appealReasonTypedData = ({ chainId, oracle }: OracleDomain, said: AppealReason) =>
  ({
    domain: { name: "Sooth", version: "1", chainId, verifyingContract: oracle },
    types: {
      AppealReason: [
        { name: "dispute", type: "bytes32" },
        { name: "transaction", type: "bytes32" },
        { name: "reason", type: "bytes32" },
      ],
    },
    primaryType: "AppealReason",
    message: said,
  }) as const;

export const appealReasonDigest = (domain: OracleDomain, said: AppealReason): Hex =>
  hashTypedData(appealReasonTypedData(domain, said));
