import { formatPercent } from "../../format/amount.ts";
import { plural, t } from "@lingui/core/macro";
import { staleFrom } from "@sooth/oracle/core";
import type { Feed } from "../../api.ts";

export type FeedState = { tone: "live" | "wait" | "off"; text: string };

/** What a contract that reads it is told at `now`, unix seconds: the API's word grows old while the page is open. */
export function feedState(
  { status, observedAt, heartbeat }: Pick<Feed, "status" | "observedAt" | "heartbeat">,
  now: number,
): FeedState {
  if (observedAt === null) return { tone: "off", text: t`No value yet` };
  if (now >= staleFrom(observedAt, heartbeat)) return { tone: "wait", text: t`Stale` };
  if (status === "halted") return { tone: "wait", text: t`Halted: a value was refused` };
  return { tone: "live", text: t`Fresh` };
}

/** Who tells it, and how many values become one. */
export function feedMode({ scheme, domain }: Pick<Feed, "scheme" | "domain">): string {
  switch (scheme) {
    case "values":
      return t`Median of the providers of domain ${domain}`;
    case "first-party":
      return t`One key, of whoever owns the source`;
    case "agreed":
      return t`Co-signed by the providers of domain ${domain}`;
    case "aggregated":
      return t`One signature of the providers of domain ${domain}`;
    case null:
      return t`Told in a way that this version does not know`;
  }
}

/** What stands behind the newest value. */
export function feedBacking({
  scheme,
  signers,
  weightBps,
}: Pick<Feed, "scheme" | "signers" | "weightBps">): string {
  if (scheme === "first-party") return t`one key, no stake`;
  if (signers === 0) return t`not known here`;
  const keys = plural(signers, { one: "# key", other: "# keys" });
  return weightBps === null
    ? keys
    : t`${keys}, ${formatPercent(weightBps - (weightBps % 100))} of the weight`;
}

/** How a contract reads it: with the status, so that an old value is not taken for a new one. */
export const readingCode = (feeds: string, feed: string): string =>
  `(FeedStatus status, int96 value, uint40 observedAt,) =
    IFeeds(${feeds})
        .read(${feed});
require(status == FeedStatus.Fresh);`;
