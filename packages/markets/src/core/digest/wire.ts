import { wireAddress, wireHex32, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { DIGEST_SIDES } from "./digest.ts";

export const wireDigest = z
  .object({
    /** What was argued, in a model's words. Empty: there is no digest, or nothing was argued. */
    points: z.array(
      z.object({
        side: z.enum(DIGEST_SIDES),
        text: z.string(),
        /** Who argued it, each with words that stand in his text. */
        sources: z.array(z.object({ owner: wireAddress, opinion: wireHex32, quote: z.string() })),
      }),
    ),
    /** Null where there is no digest. */
    made: z
      .object({
        model: z.string(),
        /** SHA-256 of the rules that it was given. */
        rules: wireHex32,
        /** How many opinions it read. */
        opinions: z.number().int(),
        at: wireSeconds,
      })
      .nullable(),
  })
  .describe("What a language model made of a closed market's opinions. Nothing is settled by it.");
