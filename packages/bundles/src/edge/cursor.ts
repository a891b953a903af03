import { z } from "zod";
import { BundlesError } from "../core/index.ts";

/** A place in the hub's chain: block, then log. */
const place = z.tuple([
  z.number().int().nonnegative().safe(),
  z.number().int().nonnegative().max(2_147_483_647),
]);

/** The place after which a page goes on. Opaque to clients; a keyset, so that new rows shift nothing. */
export const encodeCursor = (at: { block: number; log: number }): string =>
  Buffer.from(JSON.stringify([at.block, at.log])).toString("base64url");

/** @throws bundles.bad_cursor */
export function decodeCursor(cursor: string): { block: number; log: number } {
  const parsed = place.safeParse(parse(cursor));
  if (!parsed.success) throw BundlesError.bad_cursor({ cursor: cursor.slice(0, 80) });
  const [block, log] = parsed.data;
  return { block, log };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined; // fits no shape, and is refused as a bad cursor
  }
}
