import { z } from "zod";

/** Words that all JSON shapes of the oracle are made of. */
export const wireHex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
export const wireAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
export const wireInteger = z.string().regex(/^-?[0-9]{1,78}$/);
/** The end of the year 9999: what every library can write as a date. */
const MAX_SECONDS = 253_402_300_799;
export const wireSeconds = z.number().int().nonnegative().max(MAX_SECONDS);
