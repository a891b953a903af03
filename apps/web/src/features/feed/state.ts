import { staleFrom } from "@sooth/oracle/core";
import type { Feed } from "../../api.ts";

export type FeedState = { tone: "live" | "wait" | "off"; text: string };

/** What a contract that reads it is told at `now`, unix seconds: the API's word grows old while the page is open. */
export function feedState(
  { status, observedAt, heartbeat }: Pick<Feed, "status" | "observedAt" | "heartbeat">,
  now: number,
): FeedState {
  if (observedAt === null) return { tone: "off", text: "No value yet" };
  if (now >= staleFrom(observedAt, heartbeat)) return { tone: "wait", text: "Stale" };
  if (status === "halted") return { tone: "wait", text: "Halted: a value was refused" };
  return { tone: "live", text: "Fresh" };
}

/** Who tells it, and how many values become one. */
export function feedMode({ scheme, domain }: Pick<Feed, "scheme" | "domain">): string {
  switch (scheme) {
    case "values":
      return `Median of the providers of domain ${domain}`;
    case "first-party":
      return "One key, of whoever owns the source";
    case "agreed":
      return `Co-signed by the providers of domain ${domain}`;
    case "aggregated":
      return `One signature of the providers of domain ${domain}`;
    case null:
      return "Told in a way that this version does not know";
  }
}

/** What stands behind the newest value. */
export function feedBacking({
  scheme,
  signers,
  weightBps,
}: Pick<Feed, "scheme" | "signers" | "weightBps">): string {
  if (scheme === "first-party") return "one key, no stake";
  if (signers === 0) return "not known here";
  const keys = signers === 1 ? "1 key" : `${signers} keys`;
  return weightBps === null ? keys : `${keys}, ${Math.floor(weightBps / 100)}% of the weight`;
}

/** How a contract reads it: with the status, so that an old value is not taken for a new one. */
export const readingCode = (feeds: string, feed: string): string =>
  `(FeedStatus status, int96 value, uint40 observedAt,) =
    IFeeds(${feeds})
        .read(${feed});
require(status == FeedStatus.Fresh);`;
