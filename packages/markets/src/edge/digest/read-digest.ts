import { type Executor, one, sql } from "@sooth/store";
import type { z } from "zod";
import type { DigestPoint, wireDigest } from "../../core/index.ts";

/** The digest of a market, empty while there is none. */
export async function digestOf(db: Executor, market: string): Promise<z.infer<typeof wireDigest>> {
  const found = await one<{
    points: DigestPoint[];
    model: string;
    rules: string;
    opinions: number;
    at: number;
  }>(
    db,
    sql`select points, model, rules, opinions, extract(epoch from tried_at)::bigint as at
      from markets.digests where market = ${market} and points is not null`,
  );
  if (!found) return { points: [], made: null };
  const { points, model, rules, opinions, at } = found;
  return { points, made: { model, rules, opinions, at } };
}
