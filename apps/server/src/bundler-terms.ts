import type { Refills } from "@sooth/bundles/core";
import { isLocal } from "@sooth/chain";
import type { ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";

/** Of test coins: bundles that pay nothing are brought too, as long as they do not burn what others need. */
const LOCAL_GIFT = 10n ** 18n;
/** Fillings of a day, of the least each, where nobody says. */
const USUAL_FILLINGS = 10n;

/**
 * What the bundler role works for, in wei of the hub. Where coins cost something whoever runs it must have said so.
 * @throws server.missing_setting
 */
export function bundlerTerms(
  {
    BUNDLER_LEAST_FEE: leastFee,
    BUNDLER_GIFT: gift,
    BUNDLER_REFILL_BELOW: below,
    BUNDLER_REFILL_PER_DAY: perDay,
  }: Pick<
    ServerConfig,
    "BUNDLER_LEAST_FEE" | "BUNDLER_GIFT" | "BUNDLER_REFILL_BELOW" | "BUNDLER_REFILL_PER_DAY"
  >,
  chainIds: readonly number[],
): { leastFee: bigint; gift: bigint; refills: Refills | undefined } {
  const isTest = chainIds.every(isLocal);
  if (leastFee === undefined && !isTest)
    throw ServerError.missing_setting({
      key: "BUNDLER_LEAST_FEE",
      why: "its keys pay gas on chains that are not this machine's, so say for how many wei of the hub a leg is brought (0: for whatever covers its gas)",
    });
  const refills =
    below === undefined || below === 0n ? undefined : { below, perDay: perDay ?? below * USUAL_FILLINGS };
  return { leastFee: leastFee ?? 0n, gift: gift ?? (isTest ? LOCAL_GIFT : 0n), refills };
}
