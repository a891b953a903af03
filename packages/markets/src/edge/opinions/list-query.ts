import { wireAddress, wireInteger } from "@sooth/oracle/core";
import { z } from "zod";
import { opinionStatus } from "../../core/index.ts";
import { OPINION_SORTS } from "./market-list.ts";

export const cursor = z.string().min(1).max(200).optional().describe("`next` of the page before");
export const limit = z.coerce.number().int().min(1).max(100).default(20);
export const words = z
  .string()
  .max(100)
  .refine((text) => !text.includes("\0"), "holds a NUL character")
  .optional()
  .describe("words of the statement, or a part of it");
const MOST_SECONDS = 31_536_000;
/** What a list of opinion markets may be narrowed to, and its order. */
export const listQuery = z.object({
  search: words.describe(
    "words of the statement, or a part of it, or words of an opinion; in quotes together, and not what has - before it",
  ),
  status: opinionStatus.optional(),
  creator: wireAddress.optional(),
  staker: wireAddress.optional().describe("who staked in it"),
  stances: z.enum(["open", "hidden"]).optional().describe("whether they may be hidden until it is closed"),
  closesWithin: z.coerce.number().int().min(1).max(MOST_SECONDS).optional().describe("seconds from now"),
  leastVolume: wireInteger.optional().describe("all stakes come to as much, or more"),
  leastConfidence: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .optional()
    .describe("basis points: it has a score that is as sure, or more"),
  sort: z
    .enum(OPINION_SORTS)
    .optional()
    .describe("without: `relevance` where something is searched for, else `newest`"),
  meaning: z
    .enum(["on", "off"])
    .optional()
    .describe(
      "whether what has to do with the search is found too, behind what says it: English words near to its own, and texts with half of its words; without: `on` where sorted by `relevance`",
    ),
  cursor,
  limit,
});
