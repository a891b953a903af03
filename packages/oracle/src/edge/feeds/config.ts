import { commaList } from "@sooth/runtime";
import { z } from "zod";

/** Which feeds this server pays updates of. */
export const feedsConfig = z.object({
  ORACLE_FEEDS: commaList
    .transform((list) => list.map((one) => one.toLowerCase()))
    .pipe(
      z.array(
        z.string().regex(/^(all|0x[0-9a-f]{64})$/, "must be ids of feeds, separated by commas, or all"),
      ),
    )
    .describe(
      "feeds that are updated at this server's cost: comma list of ids and all, the 16 oldest that providers tell with a heartbeat of half a minute or more, for networks where gas is free; a feed of one key is told only where its id stands here; empty: none",
    ),
});
export type FeedsConfig = z.infer<typeof feedsConfig>;
