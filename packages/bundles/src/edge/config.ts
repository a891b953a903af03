import { commaList } from "@sooth/runtime";
import { z } from "zod";

export const bundlesConfig = z.object({
  BUNDLE_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hex digits")
    .optional()
    .meta({ secret: true })
    .describe(
      "signs and sends what npx sooth bundle sends: of an owner, a payer, or whoever relays; no role of the server reads it",
    ),
  BUNDLES_PAYLOAD_BYTES_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(268_435_456)
    .describe(
      "api role: bytes of legs that owners hand over for relayers in a day; of bundles that nobody spends anything on, half as many",
    ),
  BUNDLES_HOSTS: commaList.describe(
    "api role: hosts (name, or name:port) at which attesters reach this server, to whom they prove their seats; empty: whichever they name, so that another server they listen to could take their places here",
  ),
  BUNDLER_LEAST_FEE: z
    .string()
    .regex(/^\d{1,29}$/, "must be a whole number of wei")
    .default("0")
    .transform(BigInt)
    .describe(
      "bundler role: what a leg must pay (wei of the hub) to be brought; a bundle that pays less is left to others, until somebody tops it up",
    ),
});
export type BundlesConfig = z.infer<typeof bundlesConfig>;
