import type { Hex } from "@sooth/kernel";
import type { OracleDomain } from "../report.ts";

/** Of an opinion's text, in bytes of UTF-8: what is longer is no text. */
export const MOST_OPINION_BYTES = 16_384;

/** EIP-712 by which a provider's signing key hands over the labels that its report rests on, by the hash of their text. */
export const sheetTypedData = ({ chainId, oracle }: OracleDomain, sheet: Hex) =>
  ({
    domain: { name: "Sooth content", version: "1", chainId, verifyingContract: oracle },
    types: { Sheet: [{ name: "sha256", type: "bytes32" }] },
    primaryType: "Sheet",
    message: { sha256: sheet },
  }) as const;
