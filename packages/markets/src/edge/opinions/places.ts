import { z } from "zod";

const count = z.number().int().nonnegative().max(2_147_483_647);

/** A place among a market's opinions by their numbers. */
export const numberPlace = z.tuple([count]);
/** A place among them by stake, then number. */
export const stakePlace = z.tuple([z.string().regex(/^\d{1,20}$/), count]);
