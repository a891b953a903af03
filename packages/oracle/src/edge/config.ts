import { z } from "zod";

/** Keys of the oracle's server side. A provider node takes its own by argument. */
export const oracleConfig = z.object({
  ORACLE_MIN_PROVIDERS: z.coerce
    .number()
    .int()
    .positive()
    .max(32)
    .default(4)
    .describe("the first signer set waits until this many providers have staked"),
});
export type OracleConfig = z.infer<typeof oracleConfig>;
