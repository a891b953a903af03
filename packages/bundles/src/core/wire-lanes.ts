import { wireAddress, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";

/** Lanes that are bounded, as their escrows' governors set them. */
export const wireLanes = z.object({
  lanes: z.array(
    z.object({
      chainId: z.number().int(),
      other: z.number().int(),
      token: wireAddress,
      /** Units of the token that may enter within an hour, as it was set. */
      perHour: wireInteger,
      /** What it takes now, and until when nothing, where it rests; null where its chain does not answer. */
      now: z.object({ room: wireInteger, restsUntil: wireSeconds.nullable() }).nullable(),
    }),
  ),
});
export type WireLanes = z.infer<typeof wireLanes>;
