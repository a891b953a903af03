import { commaList } from "@sooth/runtime";
import { z } from "zod";

const whole = z.coerce.number().int().positive();

/** Keys of the gateway: what it signs with, and how much it gives to whom. */
export const gatewayConfig = z.object({
  GATEWAY_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, "must be 0x and 64 hex digits")
    .optional()
    .meta({ secret: true })
    .describe(
      "api role: signs answers and receipts, never a transaction; empty: nothing is signed; on a laptop, in place of a test key",
    ),
  GATEWAY_RETIRED: commaList
    .pipe(z.array(z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be addresses, separated by commas")))
    .describe("addresses of gateway keys that are used no more; their receipts stay good"),
  GATEWAY_ANONYMOUS_PER_SECOND: whole
    .default(10)
    .describe("gateway reads and streams that an address may begin each second without a key"),
  GATEWAY_ANONYMOUS_BURST: whole.default(100).describe("and as many at once, when it was quiet before"),
  GATEWAY_ANONYMOUS_STREAMS: whole
    .default(32)
    .describe("event streams that an address may have open without a key, on one process"),
  GATEWAY_KEY_PER_SECOND: whole
    .default(50)
    .describe("gateway reads each second with a key, unless the key says otherwise"),
  GATEWAY_KEY_BURST: whole.default(500).describe("and as many at once, when it was quiet before"),
  GATEWAY_KEY_STREAMS: whole
    .default(64)
    .describe("event streams that a key may have open, on one process, unless it says otherwise"),
  GATEWAY_ADDRESS_PER_SECOND: whole
    .default(500)
    .describe("requests each second with any keys from one address; twice as many at once"),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;
