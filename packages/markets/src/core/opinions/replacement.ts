import type { Address, Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import { z } from "zod";
import {
  COMMITTEE,
  type CommitteeDomain,
  committeeOrder,
  type MemberSignature,
  replacementTypedData,
} from "./approval.ts";

/**
 * Five others for a committee, as it goes from hand to hand while members sign: the file holds what is signed and who signed. It is
 * believed in nothing: the hash is worked out anew, and the committee itself says which signatures count.
 */
export type Replacement = CommitteeDomain & {
  /** Who sits, in the order of their seats: they sign. */
  sitting: readonly Address[];
  /** Who shall sit, ascending. */
  members: readonly Address[];
  /** One more than they were replaced. */
  number: number;
  /** Unix seconds, inclusive. */
  expiresAt: number;
  signatures: readonly MemberSignature[];
};

export const REPLACEMENT_FORMAT = "sooth-replacement-1";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
  .transform((text) => text.toLowerCase() as Address);
const five = z.array(address).refine((members) => committeeOrder(members)?.join() === members.join(), {
  error: `wants ${COMMITTEE.seats} different addresses, ascending`,
});
const file = z.object({
  format: z.literal(REPLACEMENT_FORMAT),
  chainId: z.number().int().positive(),
  committee: address,
  sitting: five,
  members: five,
  number: z.number().int().positive(),
  expiresAt: z
    .number()
    .int()
    .positive()
    .max(2 ** 40 - 1),
  signatures: z.array(
    z.object({
      member: address,
      signature: z
        .string()
        .regex(/^0x([0-9a-fA-F]{2}){1,4096}$/, "wants bytes in hex")
        .transform((text) => text.toLowerCase() as Hex),
    }),
  ),
});

export const replacementText = (replacement: Replacement): string =>
  `${JSON.stringify({ format: REPLACEMENT_FORMAT, ...replacement }, null, 2)}\n`;

/** `replacementText` back, or what is wrong with it. */
export function readReplacement(text: string): { replacement: Replacement } | { complaint: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { complaint: "it is not JSON" };
  }
  const parsed = file.safeParse(json);
  if (!parsed.success) return { complaint: z.prettifyError(parsed.error).slice(0, 300) };
  const { format: _, ...replacement } = parsed.data;
  return { replacement };
}

/** What members sign, EIP-712's hash of it. */
export const replacementDigest = (replacement: Omit<Replacement, "signatures">): Hex =>
  hashTypedData(replacementTypedData(replacement, replacement));

/** With this signature, in the place of what the same member signed before. */
export const withSignature = (replacement: Replacement, signed: MemberSignature): Replacement => ({
  ...replacement,
  signatures: [...replacement.signatures.filter(({ member }) => member !== signed.member), signed],
});
