import { commaList } from "@sooth/runtime";
import { z } from "zod";
import { readStated, type StatedLimit } from "../core/index.ts";

const wei = z
  .string()
  .regex(/^\d{1,29}$/, "must be a whole number of wei")
  .transform(BigInt);

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
  BUNDLES_EVIDENCE_DAYS: z.coerce
    .number()
    .int()
    .positive()
    .default(90)
    .describe(
      "worker role: days for which what attesters signed is kept, to be held against what they sign later; never less than their stake is bonded, whatever stands here. What speaks against somebody stays",
    ),
  BUNDLES_LANES: commaList
    .transform((texts, context): StatedLimit[] => {
      const stated = readStated(texts);
      if (stated) return stated;
      context.addIssue({
        code: "custom",
        message:
          "must be chain>other 0xTOKEN units or chain 0xTOKEN units, each once, with commas between them",
      });
      return z.NEVER;
    })
    .describe(
      "comma list of what bounds escrows: chain>other 0xTOKEN units, or chain 0xTOKEN units for all that enters of a token, such as 8453>10 0x… 500000000; units of the token an hour, 0 lifts it. npx sooth deploy apply sets those of its chain, and a check compares them all; empty: limits are set by hand alone, and nothing is compared",
    ),
  PROVIDER_FINALITY: commaList.describe(
    "provider role: comma list of how long attesters wait, chain:wei=blocks, safe or finalized, tiers ascending and * for any amount, such as 8453:300000000000000000=2,8453:*=finalized; of other chains what docs/providers.md says. API role: how long quotes and deadlines reckon that attesters wait",
  ),
  BUNDLER_LEAST_FEE: wei
    .optional()
    .describe(
      "bundler role: what a leg must pay (wei of the hub) to be brought, beside covering the gas that it states and what the chain takes for its bytes; a bundle that pays less is left to others, until somebody tops it up. To be set wherever a chain is not of this machine; there 0 when not given",
    ),
  BUNDLER_GIFT: wei
    .optional()
    .describe(
      "bundler role: wei of the hub that may be spent on a bundle beyond what it pays; when not given 0, and 10^18 where all chains are of this machine",
    ),
  BUNDLER_REFILL_BELOW: wei
    .optional()
    .describe(
      "bundler role: wei of the hub; a key of BUNDLER_KEYS that has less there is filled up to twice as much from what the first of them earned, which lies at the hub as credit; when not given it stays there until somebody withdraws it",
    ),
  BUNDLER_REFILL_PER_DAY: wei
    .optional()
    .describe(
      "bundler role: wei of the hub that are filled up in all from midnight to midnight (UTC), so that a fault that burns gas does not burn all that was earned; when not given ten times BUNDLER_REFILL_BELOW",
    ),
});
export type BundlesConfig = z.infer<typeof bundlesConfig>;
