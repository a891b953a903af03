import { addressGroup, type Buckets, type Rate } from "@sooth/runtime";

/** A /48 of IPv6 is had for nothing as well, and holds 65,536 groups: together they are some neighbours, not a town. */
const NEIGHBOURS = 16;

/** The /48 of a group of IPv6; null of an address that stands for itself. */
const blockOf = (group: string): string | null =>
  group.endsWith("::/64") ? `${group.split(":").slice(0, 3).join(":")}::/48` : null;

/** Takes of what one address may have, of IPv6 one /64. Seconds until it may, where that is used up; else null. */
export async function takeByAddress(
  buckets: Buckets,
  { what, ip, cost, rate }: { what: string; ip: string; cost: number; rate: Rate },
): Promise<number | null> {
  const group = addressGroup(ip);
  const block = blockOf(group);
  const wide: Rate = { perSecond: NEIGHBOURS * rate.perSecond, burst: NEIGHBOURS * rate.burst };
  const asked = [[group, rate] as const, ...(block === null ? [] : [[block, wide] as const])];
  for (const [whose, its] of asked) {
    const taken = await buckets.take(`${what}:${whose}`, cost, its);
    if (!taken.ok) return taken.retryAfterSeconds;
  }
  return null;
}
