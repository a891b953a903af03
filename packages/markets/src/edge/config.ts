import { z } from "zod";

export const marketsConfig = z.object({
  MARKETS_KEEPER: z
    .enum(["auto", "on", "off"])
    .default("auto")
    .describe("worker role: claims for everybody once a market has ended; auto: on local networks only"),
  MARKETS_KEEPER_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("how long winners may claim by themselves first; 0 on local networks, else an hour"),
  MARKETS_RELAY: z
    .enum(["on", "off"])
    .default("on")
    .describe("api role: sends stakes that their owners signed, and pays the gas"),
  MARKETS_RELAY_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(20)
    .describe("stakes relayed for one owner in a minute"),
  MARKETS_RELAY_GAS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(30_000_000)
    .describe("gas that relayed stakes of all owners may take in a minute; about 125,000 each"),
});
export type MarketsConfig = z.infer<typeof marketsConfig>;
