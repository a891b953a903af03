import { connected } from "./connected.ts";
import { logFactorial } from "./tails.ts";

/**
 * Groups of whom more pairs look alike than chance allows, though no pair does so for itself: where few of many providers
 * answer a question, two of a clique share a dozen errors, and the clique hundreds. A link is a pair whose p-value is at most
 * `level`; that g of n have e links of their g (g - 1) / 2 pairs has at most probability C(n, g) * P(Binomial >= e), for all
 * such groups together. Source: the scan test of Arias-Castro and Verzelen 2014, "Community detection in dense random
 * networks"; the tail by Chernoff's bound.
 */
export type DenseLimits = {
  /** P-value at which a pair is a link. */
  level: number;
  /** Expected number of groups of honest providers that a scan finds. */
  budget: number;
};

/** Two linked weakly are no group: pairs have a test of their own. */
const LEAST = 3;
/** So few are a group only where almost each is linked with each. */
const SMALL = 4;

/**
 * Disjoint groups, each sorted, the least likely first. Whoever has more links into a group than chance gives any of n is of
 * it as well. A group that hangs on the half of it that has most links is whittled down until it does not: whoever links
 * himself to many honest ones makes a star of them, whose points have nothing in common but him. `n`: providers that could be in one. `links`: each pair once.
 */
export function denseGroups(
  links: readonly (readonly [number, number])[],
  n: number,
  limits: DenseLimits,
): number[][] {
  const groups: number[][] = [];
  for (let left = links; ;) {
    const core = densest(left, n, limits.level);
    if (core === null || core.logP > Math.log(limits.budget)) return groups;
    const taken = new Set(core.members);
    // What is found at once need not belong together.
    const found = connected(left.filter(([a, b]) => taken.has(a) && taken.has(b)));
    for (const members of found) {
      const group = sturdy(extended(members, left, n, limits), left, limits);
      if (group.length >= LEAST && group.every((member) => groups.every((other) => !other.includes(member))))
        groups.push(group);
      for (const member of group) taken.add(member);
    }
    left = left.filter(([a, b]) => !taken.has(a) && !taken.has(b));
  }
}

/** With all who have too many links into it for chance, until nobody is left who has. */
function extended(
  members: readonly number[],
  links: readonly (readonly [number, number])[],
  n: number,
  { level, budget }: DenseLimits,
): number[] {
  const group = new Set(members);
  for (;;) {
    const into = new Map<number, number>();
    for (const [a, b] of links) {
      if (group.has(a) === group.has(b)) continue;
      const outside = group.has(a) ? b : a;
      into.set(outside, (into.get(outside) ?? 0) + 1);
    }
    const more = [...into].filter(([, count]) => n * Math.exp(logTail(count, group.size, level)) <= budget);
    if (more.length === 0) return [...group].toSorted((a, b) => a - b);
    for (const [member] of more) group.add(member);
  }
}

/** Without those of the fewest links, until what is left when the half with the most is away is still no chance. */
function sturdy(
  members: readonly number[],
  links: readonly (readonly [number, number])[],
  limits: DenseLimits,
): number[] {
  let group = [...members];
  while (group.length > SMALL) {
    const inside = new Set(group);
    const own = links.filter(([a, b]) => inside.has(a) && inside.has(b));
    const count = new Map(group.map((member) => [member, 0]));
    for (const member of own.flat()) count.set(member, (count.get(member) ?? 0) + 1);
    const order = group.toSorted((a, b) => (count.get(b) ?? 0) - (count.get(a) ?? 0) || a - b);
    const rest = new Set(order.slice(order.length >> 1));
    const between = own.filter(([a, b]) => rest.has(a) && rest.has(b)).length;
    if (logChance(rest.size, between, group.length, limits.level) <= Math.log(limits.budget)) break;
    group = order.slice(0, -1);
  }
  return group.toSorted((a, b) => a - b);
}

/** The least likely of the groups that are left when whoever has the fewest links is taken away, one after the other. */
function densest(
  links: readonly (readonly [number, number])[],
  n: number,
  level: number,
): { members: number[]; logP: number } | null {
  const neighbours = new Map<number, Set<number>>();
  for (const [a, b] of links) {
    neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
    neighbours.set(b, (neighbours.get(b) ?? new Set()).add(a));
  }
  let count = links.length;
  let best: { members: number[]; logP: number } | null = null;
  while (neighbours.size >= LEAST) {
    const logP = logChance(neighbours.size, count, n, level);
    if (best === null || logP < best.logP) best = { members: [...neighbours.keys()], logP };
    const [weakest, others] = [...neighbours].reduce((least, one) =>
      one[1].size < least[1].size || (one[1].size === least[1].size && one[0] > least[0]) ? one : least,
    );
    for (const other of others) neighbours.get(other)?.delete(weakest);
    count -= others.size;
    neighbours.delete(weakest);
  }
  return best;
}

/** Logarithm of the expected number of groups of `size` among `n` with so many links; 0 where that is nothing unusual. */
function logChance(size: number, links: number, n: number, level: number): number {
  const pairs = (size * (size - 1)) / 2;
  if (links <= level * pairs) return 0;
  return logFactorial(n) - logFactorial(size) - logFactorial(n - size) + logTail(links, pairs, level);
}

/** Logarithm of what P(Binomial(trials, level) >= count) is at most. Source: Chernoff's bound. */
function logTail(count: number, trials: number, level: number): number {
  const share = count / trials;
  if (share <= level) return 0;
  const rest = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - level));
  return -trials * (share * Math.log(share / level) + rest);
}
