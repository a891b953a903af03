import {
  beaconOf,
  type DeployParams,
  isLocal,
  localWindows,
  localParams,
  oracleLimitsOf,
  publicBundles,
  publicOpinionLimits,
  publicWindows,
} from "@sooth/chain";
import { HIGHEST_WINDOW } from "@sooth/oracle/core";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address: 0x and 40 hex digits")
  .transform((text) => text as `0x${string}`);
const whole = (what: string) => z.coerce.number(`wants a whole number of ${what}`).int().nonnegative();
/** Collateral in whole units, such as 1000 or 0.5; tokens with six decimals only. */
const collateralUnits = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,6})?$/, "wants an amount such as 1000 or 0.5")
  .transform((text) => {
    const [units = "0", fraction = ""] = text.split(".");
    return BigInt(units) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  });

/** As the contract wants them: five different ones, ascending. */
const fiveAccounts = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40}){4}$/, "wants five addresses with commas between them")
  .transform((text) => text.toLowerCase().split(",").toSorted() as `0x${string}`[])
  .refine((members) => new Set(members).size === members.length, "names an account twice");

/** What the contracts are built with. They have no setters: whoever wants other values deploys anew. */
export const deployArgs = z.object({
  treasury: address.describe("receives what providers do not earn"),
  deployer: address.describe("the account of DEPLOYER_KEY: it seals the wiring, and has no other right"),
  guardian: address.describe("may pause, for 72 hours at most; the policy can name another"),
  proposer: address.describe("proposes changes of the policy, which wait"),
  collateral: address
    .optional()
    .describe("ERC-20 with six decimals; none: the test dollar, never where money is real"),
  role: z
    .enum(["hub", "rollup"])
    .default("hub")
    .describe(
      "hub: all contracts; rollup: the test dollar, and what bundles need there; give it the hub's values",
    ),
  hubChainId: z.coerce
    .number("wants a chain id")
    .int()
    .min(1)
    .optional()
    .describe("the hub's chain, where bundles are decided; on a hub its own"),
  epochSeconds: whole("seconds").default(86_400).describe("how long a signer set stays at least"),
  unbondingSeconds: whole("seconds")
    .default(30 * 86_400)
    .describe("how long a leaving provider's stake stays"),
  minStake: collateralUnits.default(1_000_000_000n).describe("least stake of a provider, in collateral"),
  lowestWindowSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(1)
    .max(oracleLimitsOf(localParams).maxLiveness / HIGHEST_WINDOW)
    .default(1_800)
    .describe("time to object where little hangs on an answer; up to 96 times it where more does"),
  maxQuestionSeconds: whole("seconds")
    .default(400 * 86_400)
    .describe("how far off a deadline may lie"),
  policyDelaySeconds: whole("seconds")
    .default(2 * 86_400)
    .describe("how long a change of the policy waits in the open"),
  seasoningSeconds: whole("seconds")
    .default(7 * 86_400)
    .describe("how long stake must stand before it counts for juries"),
  startFactorBps: z.coerce
    .number("wants basis points")
    .int()
    .min(1)
    .max(10_000)
    .default(10_000)
    .describe("what counts of every stake of a domain while it has no epoch records"),
  periodsGenesis: whole("unix seconds")
    .default(1_750_000_000)
    .describe("from when on what becomes final counts for reputation"),
  periodSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(60)
    .default(86_400)
    .describe("how often records of reputation are made"),
  settleSeconds: whole("seconds").default(900).describe("after a period, before its root may be reported"),
  periodAnswerSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(1)
    .default(21_600)
    .describe("how long its root may be reported"),
  periodLivenessSeconds: whole("seconds").default(14_400).describe("how long its root may be objected to"),
  cooldownSeconds: whole("seconds")
    .default(7 * 86_400)
    .describe("how long who misses three rounds in a row is suspended"),
  premiumRounds: z.coerce
    .number("wants a whole number of rounds")
    .int()
    .min(1)
    .default(1_000)
    .describe("final rounds that the premium tier needs"),
  valueLimit: collateralUnits
    .default(5_000_000_000_000n)
    .describe("what answers of one hour may secure before windows double"),
  surgeFloor: z.coerce
    .number("wants a number of disputes")
    .int()
    .min(3)
    .max(100)
    .default(5)
    .describe("open disputes below which there is no surge"),
  accusationBond: collateralUnits.default(5_000_000_000n).describe("what an accusation of collusion costs"),
  accusationFee: collateralUnits.default(1_550_000_000n).describe("what of it pays the jury"),
  caseSeconds: whole("seconds")
    .default(10 * 86_400)
    .describe("how long an accusation freezes stakes"),
  commitTier: collateralUnits
    .default(1_000_000_000_000n)
    .describe("from what a question secures on its values are committed before they are shown"),
  reportCommitSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(1)
    .default(300)
    .describe("the time to commit to them, and then the time to reveal them"),
  assertionReward: collateralUnits
    .default(5_000_000n)
    .describe("what providers share for an assertion in the shape of OOv3"),
  aggregatedSignatures: z
    .boolean()
    .default(false)
    .describe("feeds take one signature of many; off until that is audited"),
  minMarketStake: collateralUnits.default(1_000_000n).describe("least stake on a market, in collateral"),
  opinionFee: collateralUnits
    .refine((units) => units <= 100_000_000n, "wants 100 at most")
    .default(publicOpinionLimits.creationFee)
    .describe("what announcing an opinion market costs"),
  opinionLeastSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(1)
    .max(14 * 86_400)
    .default(publicOpinionLimits.leastSeconds)
    .describe("shortest time from announcing an opinion market to its closing"),
  opinionMostSeconds: z.coerce
    .number("wants a whole number of seconds")
    .int()
    .min(60)
    .max(90 * 86_400)
    .default(publicOpinionLimits.mostSeconds)
    .describe("longest time"),
  opinionLeastStake: collateralUnits
    .refine((units) => units > 0n, "wants more than nothing")
    .default(publicOpinionLimits.leastStake)
    .describe("least stake of an opinion"),
  opinionMostStake: collateralUnits
    // A position's stake has 45 bits.
    .refine((units) => units < 1n << 45n, "wants less than 35,184,372.088832")
    .default(publicOpinionLimits.mostStake)
    .describe("most stake of an opinion; each market sets its own up to here"),
  committeeMembers: fiveAccounts
    .optional()
    .describe(
      "five accounts, with commas, three of whom approve what an opinion market came to; none: nobody need",
    ),
  providerShareBps: z.coerce
    .number("wants basis points")
    .int()
    .min(0)
    .max(10_000)
    .default(8_000)
    .describe("part of a reward that providers get; the treasury has the rest"),
});
export type DeployArgs = z.infer<typeof deployArgs>;

/** The beacon is no choice: drand's where money may be real, the laptop's own on local chains. */
export function paramsOf(args: DeployArgs, chainId: number): DeployParams {
  const { treasury, collateral, epochSeconds, unbondingSeconds, minStake } = args;
  const { lowestWindowSeconds, maxQuestionSeconds, minMarketStake, providerShareBps } = args;
  requireOrder("opinion-most-seconds", args.opinionLeastSeconds, args.opinionMostSeconds);
  requireOrder("opinion-most-stake", args.opinionLeastStake, args.opinionMostStake);
  const times = { epochSeconds, unbondingSeconds, lowestWindowSeconds, maxQuestionSeconds };
  const { deployer, guardian, proposer, policyDelaySeconds, seasoningSeconds, startFactorBps } = args;
  const { assertionReward, aggregatedSignatures } = args;
  const { valueLimit, surgeFloor, accusationBond, accusationFee, caseSeconds } = args;
  return {
    ...times,
    minStake,
    minMarketStake,
    deployer,
    guardian,
    proposer,
    policyDelaySeconds,
    seasoningSeconds,
    startFactorBps,
    periods: {
      genesis: args.periodsGenesis,
      periodSeconds: args.periodSeconds,
      settleSeconds: args.settleSeconds,
      answerSeconds: args.periodAnswerSeconds,
      livenessSeconds: args.periodLivenessSeconds,
      cooldownSeconds: args.cooldownSeconds,
      premiumRounds: args.premiumRounds,
    },
    valueLimit,
    surgeFloor,
    accusationBond,
    accusationFee,
    caseSeconds,
    commitTier: args.commitTier,
    reportCommitSeconds: args.reportCommitSeconds,
    treasury,
    providerShareBps,
    assertionReward,
    assertionSeconds: 2 * 86_400,
    aggregatedSignatures,
    opinionLimits: {
      creationFee: args.opinionFee,
      leastSeconds: args.opinionLeastSeconds,
      mostSeconds: args.opinionMostSeconds,
      leastStake: args.opinionLeastStake,
      mostStake: args.opinionMostStake,
    },
    bundles: {
      ...publicBundles,
      hubChainId: args.hubChainId ?? (isLocal(chainId) ? localParams.bundles.hubChainId : chainId),
    },
    ...(args.committeeMembers && { committeeMembers: args.committeeMembers }),
    ...(isLocal(chainId) ? localWindows : publicWindows),
    ...beaconOf(chainId),
    collateral,
  };
}

/** Neither contract would be built, and each of the two may stand at its default. */
function requireOrder(argument: string, least: number | bigint, most: number | bigint): void {
  if (least > most)
    throw OpsError.bad_argument({ command: "deploy", argument, wrong: "is less than the least" });
}
