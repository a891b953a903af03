import {
  page,
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireSeconds,
  wireTypedData,
} from "@sooth/oracle/core";
import { z } from "zod";

/** JSON shapes of what people approve. */
export const approvalState = z.enum(["not_asked", "waiting", "void", "pending", "approved", "ended"]);

export const wireCommittee = z.object({
  address: wireAddress,
  /** In the order of their seats; empty while this server has not read who sits there. */
  members: z.array(wireAddress),
  needed: z.number().int(),
  /** How often all five were replaced. */
  replacements: z.number().int(),
});

/** What a market came to, field by field as members sign it. */
export const wireResult = z.object({
  market: wireHex32,
  /** Staked with a stance, and by how many. */
  total: wireInteger,
  count: z.number().int(),
  score: z.number().int().min(0).max(100),
  /** Basis points. */
  confidence: z.number().int().min(0).max(10_000),
});

/** GET /v1/opinion-markets/{id}/approval */
export const wireApproval = z.object({
  market: wireHex32,
  statement: z.string(),
  question: wireHex32,
  /**
   * not_asked: this deployment asks nobody; waiting: for a final answer; void: it comes to nothing, which nobody approves;
   * pending: too few signed; approved: enough did, and anybody may send `call`; ended: scored or void on chain.
   */
  state: approvalState,
  committee: wireCommittee.nullable(),
  result: wireResult.nullable(),
  /** Why scoring would void it: invalid, confidence or weights. */
  voidBecause: z.string().nullable(),
  minConfidence: z.number().int(),
  /** Mean stance by stake, 0 to 100 in hundredths. */
  crowd: z.number().int().nullable(),
  finalAt: wireSeconds.nullable(),
  /** Signatures over this proposal count until then; after it the members sign anew. */
  expiresAt: wireSeconds.nullable(),
  /** From then on anybody may void the market, and everybody has his stake back. */
  voidableFrom: wireSeconds.nullable(),
  /** What members sign: EIP-712, and its hash. */
  typedData: wireTypedData.nullable(),
  digest: wireHex32.nullable(),
  signed: z.array(z.object({ member: wireAddress, at: wireSeconds })),
  /** How many are still wanted. */
  missing: z.number().int(),
  call: wireCall.nullable(),
});

/** GET /v1/approvals */
export const approvalPage = page(wireApproval).extend({ committee: wireCommittee.nullable() });

/** POST /v1/opinion-markets/{id}/approvals */
export const wireApprove = z.object({
  member: wireAddress,
  /** Of what was signed. */
  digest: wireHex32,
  expiresAt: wireSeconds,
  /** r|s|v or r|vs, or what a member wants that is a contract. */
  signature: z.string().regex(/^0x([0-9a-fA-F]{2}){1,4096}$/),
});
