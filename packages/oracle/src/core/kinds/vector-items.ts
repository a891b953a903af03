import { z } from "zod";
import { TEXT_ROOM } from "../text-room.ts";
import { MAX_ITEMS } from "./vector.ts";

// By itself: pages name the kinds, and would load all of the schemas' library for it.

/** What a vector asks of each of its items: all are of one kind, read from the same sources at the same moment. */
export const vectorItems = z.object({
  /** Of one item: bool, categorical, numeric, score or log-usd. */
  kind: z.string().min(1).max(20),
  /** How many there are, if they have no names: they are called by their numbers then, from 0. */
  count: z.number().int().min(1).max(MAX_ITEMS).optional(),
  /** Put into `{item}` of a source's url, path and arguments; `{index}` is the number. */
  names: z.array(z.string().min(1).max(TEXT_ROOM.label)).min(1).max(MAX_ITEMS).optional(),
});
