import { wireAddress, wireCall, wireHex32, wireSeconds, wireTypedData } from "@sooth/oracle/core";
import { z } from "zod";
import { COMMITTEE } from "./approval.ts";
import { wireCommittee } from "./wire-approval.ts";

/** JSON shapes of who approves, and of who shall do so. */

/** Five others, as members sign them. */
export const wireReplacement = z.object({
  /** In the order of the seats that they would have. */
  members: z.array(wireAddress),
  /** One more than all were replaced: it is signed for this time alone. */
  number: z.number().int(),
  /** Until then it may be sent. */
  expiresAt: wireSeconds,
  /** What members sign: EIP-712, and its hash. */
  typedData: wireTypedData,
  digest: wireHex32,
  signed: z.array(z.object({ member: wireAddress, at: wireSeconds })),
  /** How many are still wanted. */
  missing: z.number().int(),
  /** Seats the five; null while too few signed. Anybody may send it. */
  call: wireCall.nullable(),
});

/** GET /v1/committee */
export const wireCommitteeSeats = z.object({
  /** Null where this deployment asks nobody. */
  committee: wireCommittee.nullable(),
  /** Those of the members that are contracts, a Safe for example; all others are keys. */
  contracts: z.array(wireAddress),
  /** Changes that members have signed and that are not over, the oldest first. */
  replacements: z.array(wireReplacement),
});

/** POST /v1/committee/replacements/prepare */
export const wirePropose = z.object({
  members: z.array(wireAddress).length(COMMITTEE.seats),
  days: z.number().int().min(1).max(365).default(14).describe("for how long signatures count"),
});

/** POST /v1/committee/replacements */
export const wireReplace = z.object({
  members: z.array(wireAddress).length(COMMITTEE.seats),
  number: z.number().int().positive(),
  expiresAt: wireSeconds,
  /** Who signed. */
  member: wireAddress,
  /** r|s|v or r|vs, or what a member wants that is a contract. */
  signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,4096}$/),
});
