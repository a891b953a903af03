import { z } from "zod";

/** POST /v1/opinion-markets/advice */
export const wireAdvice = z
  .object({
    /** Why it could be read in more than one way; empty: it is clear. */
    why: z.array(z.string()),
    /** Two ways to read it, or none. */
    readings: z.array(z.string()),
    /** The same, worded more clearly; null: as it is. */
    wording: z.string().nullable(),
    model: z.string(),
  })
  .describe("What a language model says of a statement that is not put up yet. It decides nothing.");
