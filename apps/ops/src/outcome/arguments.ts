import { z } from "zod";

/** Arguments that commands of outcome tokens share. */
export const question = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
  .transform((text) => text.toLowerCase())
  .describe("the question, as its page and the API name it");
export const outcome = z.coerce
  .number("wants a number")
  .int()
  .min(0)
  .max(254)
  .default(0)
  .describe("which of its outcomes; 0 where there are only yes and no");
export const tokens = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, "wants a number that is not below 0, such as 12.5")
  .describe("whole tokens, such as 12.5: a set of a yes and a no is worth one of the collateral");
export const price = z
  .string()
  .regex(/^0\.\d{1,6}$/, "wants a number between 0 and 1, such as 0.6")
  .describe("of a whole token, such as 0.6: the most for who buys, the least for who sells");
export const owner = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
  .optional()
  .describe("whose; else whoever would sign");
