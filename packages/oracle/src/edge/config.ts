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
  ORACLE_MIN_REWARD: z
    .string()
    .regex(/^\d{1,29}$/, "must be a whole number of the collateral's smallest unit")
    .default("0")
    .transform(BigInt)
    .describe(
      "questions with a smaller reward (smallest unit) are neither answered nor settled at this server's cost; 0 takes any",
    ),
  ORACLE_RESOLVE_DEPOSIT: z
    .string()
    .regex(/^\d{1,29}$/, "must be a whole number of the collateral's smallest unit")
    .transform(BigInt)
    .optional()
    .describe(
      "the most (smallest unit) that the relayer's credit with the oracle may stake for one question that nobody answers, so that a re-report or a jury decides; 0 or empty stakes nothing, on a laptop empty is 1,000 test dollars that the relayer is given",
    ),
});
export type OracleConfig = z.infer<typeof oracleConfig>;
