import { parseEther } from "viem";
import { z } from "zod";

/** Arguments that commands of bundles share. */
export const shared = {
  url: z.url().default("http://127.0.0.1:3000").describe("the server that is asked"),
  deployment: z.string().optional().describe("the contracts to believe in; else deployments/<chainId>.json"),
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
};
export const keys = {
  keystore: z.string().optional().describe("keystore file (version 3) of the key; else BUNDLE_KEY"),
  passwordFile: z.string().optional().describe("file with the keystore's password"),
  as: z.string().optional().describe("on a laptop: the test account that signs, such as Bob"),
};
export const id = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
  .transform((text) => text.toLowerCase())
  .describe("the bundle, as the hub names it");
export const amount = z
  .string()
  // A bare number is neither: 5 meant as ether would move 5 wei and say that it is done.
  .regex(/^(\d+wei|\d+(\.\d{1,18})?ether)$/, "wants its unit: 0.01ether, or 10000000000000000wei")
  .transform((text) =>
    text.endsWith("ether")
      ? parseEther(text.slice(0, -"ether".length))
      : BigInt(text.slice(0, -"wei".length)),
  )
  .describe("with its unit: 0.01ether, or 10000000000000000wei");
export const file = z.string().describe("JSON: mode, legs, and what else is wanted (docs/bundles.md)");
export const legsFile = z
  .string()
  .optional()
  .describe("the same file as for bundle open, where legs are private");
export const send = z.boolean().default(false).describe("sends; else it is only shown what would be sent");

export const NOTHING_SENT = "Nothing was sent: --send does.";
