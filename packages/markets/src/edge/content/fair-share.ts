import { addressGroup, type Buckets, localBuckets, type Rate } from "@sooth/runtime";
import { ContentError } from "../../core/index.ts";

const SECONDS_AN_HOUR = 3_600;
/** A sheet of four megabytes takes some tens of milliseconds to hash; who settles two hundred markets reads a thousand. */
const SHEETS: Rate = { perSecond: 2, burst: 2_000 };
/** What nobody keeps is asked of every gateway, so one question becomes several. */
const UNKNOWN: Rate = { perSecond: 1, burst: 60 };

/** A /48 of IPv6 is had for nothing as well, and holds 65,536 groups: together they are some neighbours, not a town. */
const NEIGHBOURS = 16;

/** The /48 of a group of IPv6; null of an address that stands for itself. */
const blockOf = (group: string): string | null =>
  group.endsWith("::/64") ? `${group.split(":").slice(0, 3).join(":")}::/48` : null;

/** What one address may have of what all share. Each throws content.too_many where that is used up. */
export type FairShare = {
  bring(ip: string, bytes: number): Promise<void>;
  readSheet(ip: string): Promise<void>;
  askGateways(ip: string): Promise<void>;
};

/** @param bytesPerHour of texts that one address brings */
export function fairShare(bytesPerHour: number, buckets: Buckets = localBuckets()): FairShare {
  const take = async (what: string, ip: string, cost: number, rate: Rate): Promise<void> => {
    const group = addressGroup(ip);
    const block = blockOf(group);
    const wide: Rate = { perSecond: NEIGHBOURS * rate.perSecond, burst: NEIGHBOURS * rate.burst };
    const asked = [[group, rate] as const, ...(block === null ? [] : [[block, wide] as const])];
    for (const [whose, its] of asked) {
      const taken = await buckets.take(`content:${what}:${whose}`, cost, its);
      if (!taken.ok) throw ContentError.too_many({ retryAfterSeconds: taken.retryAfterSeconds });
    }
  };
  const bytes: Rate = { perSecond: bytesPerHour / SECONDS_AN_HOUR, burst: bytesPerHour };
  return {
    bring: (ip, size) => take("bytes", ip, size, bytes),
    readSheet: (ip) => take("sheets", ip, 1, SHEETS),
    askGateways: (ip) => take("unknown", ip, 1, UNKNOWN),
  };
}
