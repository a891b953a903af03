import { commaList } from "@sooth/runtime";
import { z } from "zod";

export const marketsConfig = z.object({
  MARKETS_KEEPER: z
    .enum(["auto", "on", "off"])
    .default("auto")
    .describe(
      "worker and api role: auto tells hidden stances and takes opinion markets' steps everywhere, and claims for everybody and matches orders on local networks only; on does all of it everywhere; off nothing, and then no hidden stance is taken here",
    ),
  MARKETS_KEEPER_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("how long winners may claim by themselves first; 0 on local networks, else an hour"),
  MARKETS_MATCH_GAS_PER_DAY: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(100_000_000)
    .describe(
      "worker role: gas that the keeper may take in a day to match orders on outcome tokens that cross, where it claims for everybody; an hour may take a 27th, and what the three before it left; a match between two who held none of it yet counts with 210,000 and takes 165,000; 0: it matches none",
    ),
  MARKETS_LEAST_ORDER_CENTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(10)
    .describe(
      "api role: money behind an order on outcome tokens that is taken here, at least, hundredths of a unit of collateral; of who sells, tokens",
    ),
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
  MARKETS_RELAY_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(200)
    .describe("stakes relayed for one owner in a day; none more once three of them were mined and undone"),
  MARKETS_RELAY_GAS_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000_000_000)
    .describe("gas that relayed stakes of all owners may take in a day: the most that relaying costs"),
  COMMENTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(6)
    .describe("api role: comments of one wallet in a minute"),
  COMMENTS_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(100)
    .describe("api role: comments of one wallet in a day"),
  COMMENTS_BELOW_A_MARKET_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(2_000)
    .describe("api role: comments of all wallets below one market in a day"),
  MARKETS_APPROVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(14 * 86_400)
    .default(3 * 86_400)
    .describe(
      "where a committee approves results: how long its signatures over one proposal count; then the members sign anew",
    ),
  MARKETS_LEAST_FAMILIES: z.coerce
    .number()
    .int()
    .min(1)
    .max(8)
    .optional()
    .describe(
      "api role: from how many families of models each provider must have labels before an opinion market takes money here: its question has to say so, in its source (families), or it is neither put up nor staked in; 1 on local networks, else 2",
    ),
  MARKETS_DIGEST_KEY: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe(
      "worker role: key of the Messages API; with it a closed opinion market gets a digest of what was argued, with sources. In the api role who writes a statement may have it looked at (MARKETS_ADVICE_PER_DAY)",
    ),
  MARKETS_DIGEST_URL: z
    .url()
    .default("https://api.anthropic.com")
    .describe("worker and api roles: where the Messages API is spoken, for digests and advice"),
  MARKETS_DIGEST_MODEL: z
    .string()
    .default("claude-sonnet-5-5")
    .describe("worker and api roles: the model that makes digests and gives advice"),
  MARKETS_DIGESTS_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(200)
    .describe(
      "worker role: digests asked for in a day, those that fail included; one reads 40 opinions or 24,000 characters and writes 4,096 tokens at most",
    ),
  MARKETS_ADVICE_PER_DAY: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(300)
    .describe(
      "api role: calls for advice on the wording of a statement in a day, those that fail included, half of them for who is not signed in; one reads a statement and writes 2,048 tokens at most; 0: none is given",
    ),
  CONTENT_BYTES_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(268_435_456)
    .describe("api role: bytes of opinions that are taken in a day; of label sheets as many from each key"),
  CONTENT_BYTES_PER_ADDRESS: z.coerce
    .number()
    .int()
    .positive()
    .default(2_097_152)
    .describe(
      "api role: bytes of opinions that one address brings within an hour, of IPv6 one /64; each process counts for itself",
    ),
  CONTENT_GATEWAYS: commaList
    .pipe(
      z.array(
        z
          .string()
          .refine(
            (text) => URL.canParse(text.replace("{cid}", "x")) && text.includes("{cid}"),
            "must be URLs with {cid} in them",
          ),
      ),
    )
    .describe(
      "api role: comma list of IPFS gateways to read texts from that are not kept here, such as https://ipfs.io/ipfs/{cid}?format=raw; what they give is checked",
    ),
  CONTENT_IPFS_API: z
    .url()
    .optional()
    .meta({ secret: true })
    .describe(
      "worker role: HTTP API of an IPFS node that texts are added to and pinned at, with credentials",
    ),
  CONTENT_PINNING_URL: z
    .url()
    .optional()
    .describe("worker role: a service of the IPFS Pinning Service API that texts are pinned at"),
  CONTENT_PINNING_TOKEN: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe("worker role: access token of that service"),
});
export type MarketsConfig = z.infer<typeof marketsConfig>;
