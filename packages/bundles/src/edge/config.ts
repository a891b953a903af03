import { z } from "zod";

export const bundlesConfig = z.object({
  BUNDLES_PAYLOAD_BYTES_PER_DAY: z.coerce
    .number()
    .int()
    .positive()
    .default(268_435_456)
    .describe("api role: bytes of legs that owners hand over for relayers in a day"),
});
export type BundlesConfig = z.infer<typeof bundlesConfig>;
