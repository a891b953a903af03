import { reportDigest } from "@sooth/oracle/core";
import { sameAddress, type Address, type Hex } from "@sooth/kernel";
import { recoverAddress } from "viem";
import type { OpenReport, QuestionDetail } from "../../api.ts";

export type SignatureCheck = { ok: true } | { ok: false; signedBy: string | null };

/** Recovers who signed this report, in the browser, from nothing but the report itself. */
export async function checkSignature(
  question: Pick<QuestionDetail, "id" | "chainId">,
  report: Pick<OpenReport, "value" | "root" | "epoch" | "round" | "signature" | "signer">,
  oracle: string,
): Promise<SignatureCheck> {
  const hash = reportDigest(
    { chainId: question.chainId, oracle: oracle as Address },
    {
      question: question.id as Hex,
      value: BigInt(report.value),
      root: report.root as Hex | null,
      epoch: report.epoch,
      round: report.round,
    },
  );
  try {
    const signedBy = await recoverAddress({ hash, signature: report.signature as Hex });
    return sameAddress(signedBy, report.signer) ? { ok: true } : { ok: false, signedBy };
  } catch {
    return { ok: false, signedBy: null }; // Bytes that are no signature at all: nobody signed.
  }
}

/** True when `text` is what the hash in the report speaks of. */
export async function checkEvidence(text: string, hash: string): Promise<boolean> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `0x${hex}` === hash;
}
