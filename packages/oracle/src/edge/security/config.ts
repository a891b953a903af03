import type { Hex } from "@sooth/kernel";
import { commaList } from "@sooth/runtime";
import { z } from "zod";

const seconds = z.coerce.number().int().positive();

/** Keys of the security monitor. */
export const securityConfig = z.object({
  ORACLE_MONITOR_SECONDS: seconds
    .default(60)
    .describe("chain time between two looks of the security monitor at new answers and logged rows"),
  ORACLE_SCAN_SECONDS: seconds
    .default(3_600)
    .describe("chain time between two scans for providers that err together"),
  ORACLE_WATCHERS: commaList
    .transform((list) => list.map((one) => one.toLowerCase()))
    .pipe(z.array(z.string().regex(/^0x[0-9a-f]{40}$/, "must be addresses, separated by commas")))
    .transform((list) => list as Hex[])
    .describe("addresses of watchers whose findings are taken, besides the providers' keys"),
});
export type SecurityConfig = z.infer<typeof securityConfig>;
