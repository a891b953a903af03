import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import type { OracleDomain } from "../report.ts";
import { wireHex32, wireSeconds } from "../wire-words.ts";

/** The longest reason; longer ones are cut by who tells them. */
export const MAX_ABSTENTION = 300;

/** What a provider hands over who looked and cannot tell: POST /v1/abstentions. EIP-712 `Abstention`, by the seated key. */
export const wireAbstention = z.object({
  question: wireHex32,
  round: z.number().int().min(0).max(255),
  epoch: z.number().int().nonnegative(),
  /** Chain time; a later one replaces what this key said before. */
  at: wireSeconds,
  /** Why, in one sentence, without values. */
  reason: z.string().min(1).max(MAX_ABSTENTION),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});
export type Abstention = Omit<z.infer<typeof wireAbstention>, "signature">;

/** Another type than a report: it can never be taken for one, and slashes nobody. */
export const abstentionTypedData = ({ chainId, oracle }: OracleDomain, said: Abstention) =>
  ({
    domain: { name: "Sooth", version: "1", chainId, verifyingContract: oracle },
    types: {
      Abstention: [
        { name: "question", type: "bytes32" },
        { name: "round", type: "uint8" },
        { name: "epoch", type: "uint32" },
        { name: "at", type: "uint40" },
        { name: "reason", type: "string" },
      ],
    },
    primaryType: "Abstention",
    message: { ...said, question: said.question as Hex },
  }) as const;
