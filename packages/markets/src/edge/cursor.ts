import { z } from "zod";
import { MarketsError } from "../core/index.ts";

/** The place after which a page goes on. Opaque to clients; a keyset, so that new rows shift nothing. */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString("base64url");

/** @throws markets.bad_cursor */
export function decodeCursor<T extends z.ZodType>(shape: T, cursor: string): z.infer<T> {
  const parsed = shape.safeParse(parse(cursor));
  if (!parsed.success) throw MarketsError.bad_cursor({ cursor: cursor.slice(0, 80) });
  return parsed.data;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined; // fits no shape, and is refused as a bad cursor
  }
}

const wholeNumber = z.number().int().nonnegative().safe();
export const hexId = z.string().regex(/^0x[0-9a-f]{64}$/);

/** A place in the chain: block, then log. */
export const chainPlace = z.tuple([wholeNumber, z.number().int().nonnegative().max(2_147_483_647)]);
export const volumePlace = z.tuple([z.string().regex(/^\d{1,78}$/), hexId]);
export const timePlace = z.tuple([wholeNumber, hexId]);
/** How well it fits what was asked, in millionths; below zero what fits by its meaning alone. */
export const relevancePlace = z.tuple([z.number().int().min(-2_147_483_648).max(2_147_483_647), hexId]);
