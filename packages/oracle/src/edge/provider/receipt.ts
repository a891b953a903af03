import { signerOf } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import {
  acceptedReport,
  type OracleDomain,
  receiptTypedData,
  reportDigest,
  type SignedReceipt,
} from "../../core/index.ts";
import type { Handover } from "./api-client.ts";

/** Names a chain and its oracle in journals. */
export const domainText = ({ chainId, oracle }: OracleDomain): string => `${chainId}:${oracle.toLowerCase()}`;

/** Names a report for the API and in its receipt. */
export const nameOf = (
  domain: OracleDomain,
  { question, value, root, epoch, round, signature }: Handover,
): Hex =>
  acceptedReport(
    reportDigest(domain, {
      question: question as Hex,
      value: BigInt(value),
      root: (root ?? null) as Hex | null,
      epoch,
      round,
    }),
    signature as Hex,
  );

/** Why a receipt proves nothing about this report, or null when it does: whoever signed it has taken the report. */
export function receiptComplaint(
  domain: OracleDomain,
  handover: Handover,
  { receipt, signer, signature }: SignedReceipt,
): string | null {
  if (receipt.kind !== "report" || receipt.accepted !== nameOf(domain, handover))
    return "it speaks of another report";
  if (receipt.chainId !== domain.chainId || receipt.oracle.toLowerCase() !== domain.oracle.toLowerCase())
    return "it speaks of another oracle";
  if (
    receipt.question !== handover.question ||
    receipt.round !== handover.round ||
    receipt.epoch !== handover.epoch
  )
    return "it speaks of another question, round or epoch";
  const by = signerOf(hashTypedData(receiptTypedData(receipt)), signature as Hex);
  return by === signer.toLowerCase() ? null : `${signer} did not sign it`;
}
