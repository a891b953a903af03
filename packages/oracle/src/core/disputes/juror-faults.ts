import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";

/** In the order of `JurorFault` of ICourt.sol. */
export const FAULT_KINDS = ["missing", "incoherent", "withheld", "leaked", "equivocal"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What the stake manager knows a juror's fault by: keccak256(abi.encode(jury, signer, kind)). Source: Court.sol. */
export const jurorFaultId = (jury: Hex, signer: Hex, kind: FaultKind): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "address" }, { type: "uint8" }],
      [jury, signer, FAULT_KINDS.indexOf(kind)],
    ),
  );
