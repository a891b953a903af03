import { type Buckets, localBuckets, type Rate } from "@sooth/runtime";
import { ContentError } from "../../core/index.ts";
import { takeByAddress } from "../by-address.ts";

const SECONDS_AN_HOUR = 3_600;
/** A sheet of four megabytes takes some tens of milliseconds to hash; who settles two hundred markets reads a thousand. */
const SHEETS: Rate = { perSecond: 2, burst: 2_000 };
/** What nobody keeps is asked of every gateway, so one question becomes several. */
const UNKNOWN: Rate = { perSecond: 1, burst: 60 };

/** What one address may have of what all share. Each throws content.too_many where that is used up. */
export type FairShare = {
  bring(ip: string, bytes: number): Promise<void>;
  readSheet(ip: string): Promise<void>;
  askGateways(ip: string): Promise<void>;
};

/** @param bytesPerHour of texts that one address brings */
export function fairShare(bytesPerHour: number, buckets: Buckets = localBuckets()): FairShare {
  const take = async (what: string, ip: string, cost: number, rate: Rate): Promise<void> => {
    const retryAfterSeconds = await takeByAddress(buckets, { what: `content:${what}`, ip, cost, rate });
    if (retryAfterSeconds !== null) throw ContentError.too_many({ retryAfterSeconds });
  };
  const bytes: Rate = { perSecond: bytesPerHour / SECONDS_AN_HOUR, burst: bytesPerHour };
  return {
    bring: (ip, size) => take("bytes", ip, size, bytes),
    readSheet: (ip) => take("sheets", ip, 1, SHEETS),
    askGateways: (ip) => take("unknown", ip, 1, UNKNOWN),
  };
}
