import { commaList } from "@sooth/runtime";
import { z } from "zod";

export const ANALYST_NAMES = ["offline", "claude", "none"] as const;
const dollars = z.string().regex(/^\d{1,9}(\.\d{1,3})?$/, "must be US dollars such as 2.50");

/** What a provider node reads with, besides its key and the origins that it reads. */
export const providerConfig = z.object({
  PROVIDER_ORIGIN_RATE: z.coerce
    .number()
    .positive()
    .max(10_000)
    .default(10)
    .describe("provider role: requests a second to one origin; three times as many at once after a pause"),
  PROVIDER_FIRST_PARTY_FEEDS: commaList
    .transform((list) => list.map((one) => one.toLowerCase()))
    .pipe(z.array(z.string().regex(/^0x[0-9a-f]{64}$/, "must be ids of feeds, separated by commas")))
    .describe(
      "provider role: comma list of first-party feeds that this key alone tells; anybody may write a key into a feed's terms, so none is told unasked",
    ),
  PROVIDER_HARMLESS_CONSUMERS: commaList
    .transform((list) => list.map((one) => one.toLowerCase()))
    .pipe(z.array(z.string().regex(/^0x[0-9a-f]{40}$/, "must be addresses, separated by commas")))
    .describe(
      "provider role: comma list of consumers that the policy names, in which you vouch that nobody of yours holds positions; of others nothing is judged once they are believed, and a position there costs half of the stake",
    ),
  PROVIDER_ATTESTS: z
    .enum(["yes", "no"])
    .default("yes")
    .describe(
      "provider role: whether this node signs what is so of bundles; it wants RPC URLs of two hosts for every chain where money is real, and a seat in the attesters' domain",
    ),
  PROVIDER_ANALYSTS: commaList
    .transform((list) => (list.length === 0 ? ["offline"] : list))
    .pipe(z.array(z.enum(ANALYST_NAMES)))
    .describe(
      "provider and watcher roles: comma list of who labels opinions: offline, claude, or none; empty: offline. All that are named must agree within a quarter of the scale, else this provider abstains, and this watcher says nothing. In the api role they label again what a member of the committee asks for, of the budgets of this process",
    ),
  PROVIDER_TEXT_STORES: commaList
    .pipe(
      z.array(
        z
          .string()
          .refine((text) => URL.canParse(text.replace("{sha256}", "x")) && text.includes("{sha256}"), {
            error: "must be URLs with {sha256} in them",
          }),
      ),
    )
    .describe(
      "provider role: comma list of where texts of opinions are read, each with {sha256} in it; empty: the API that is reported to",
    ),
  PROVIDER_ANALYST_MODEL: z
    .string()
    .min(1)
    .max(80)
    .default("claude-sonnet-5-5")
    .describe("provider role: model of the analyst claude; its key and address are those of the witness"),
  PROVIDER_ANALYST_FAMILY: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default("claude")
    .describe("provider role: declared family of that model; models of a family count as one voice"),
  PROVIDER_ANALYST_DAILY_DOLLARS: dollars
    .default("20")
    .describe("provider role: US dollars that labels may cost in a day (UTC); afterwards it abstains"),
  PROVIDER_ANALYST_MARKET_DOLLARS: dollars
    .default("10")
    .describe("provider role: US dollars that the labels of one market may cost, all attempts together"),
  PROVIDER_ANALYST_INPUT_PRICE: dollars
    .default("2")
    .describe("provider role: US dollars for a million tokens that the analyst's model reads"),
  PROVIDER_ANALYST_OUTPUT_PRICE: dollars
    .default("10")
    .describe("provider role: US dollars for a million tokens that the analyst's model writes"),
  PROVIDER_WITNESS_KEY: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe(
      "provider role: key of the Messages API; with it this provider answers witness sources, without it abstains from them",
    ),
  PROVIDER_WITNESS_URL: z
    .url()
    .default("https://api.anthropic.com")
    .describe("provider role: where the Messages API is spoken"),
  PROVIDER_WITNESS_MODEL: z
    .string()
    .min(1)
    .max(80)
    .default("claude-sonnet-5-5")
    .describe("provider role: model that reads the documents"),
  PROVIDER_WITNESS_FAMILY: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default("claude")
    .describe("provider role: declared family of that model; models of a family count as one voice"),
  PROVIDER_WITNESS_CONFIDENCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(85)
    .describe("provider role: percent that the model must be sure; below, it abstains"),
  PROVIDER_WITNESS_DAILY_DOLLARS: dollars
    .default("5")
    .describe("provider role: US dollars that the model may cost in a day (UTC); afterwards it abstains"),
  PROVIDER_WITNESS_INPUT_PRICE: dollars
    .default("2")
    .describe(
      "provider role: US dollars for a million tokens that the model reads; compare with your contract",
    ),
  PROVIDER_WITNESS_OUTPUT_PRICE: dollars
    .default("10")
    .describe(
      "provider role: US dollars for a million tokens that the model writes; compare with your contract",
    ),
});
