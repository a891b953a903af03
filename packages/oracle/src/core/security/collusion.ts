import { type Address, canonicalJson, type Hex, need, type UnixSeconds } from "@sooth/kernel";
import { keccak256, stringToHex } from "viem";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { correlatedPairs } from "./correlation.ts";
import { findCopies } from "./copying.ts";
import { fundedTogether, type StakeOrigin } from "./funding.ts";
import { denseGroups } from "./dense-groups.ts";
import { linkedGroups } from "./linked-groups.ts";
import type { Monitor } from "./monitor.ts";
import { linkedPairs, type SharedPair, type Sharing, sharedPairs } from "./sharing.ts";
import type { Limits } from "./thresholds.ts";

/**
 * What speaks for a common hand. `errors` link on their own, and `residuals` too, though no further than step 1: honest figures
 * move together as far as their readers read alike. The others only add to what is linked.
 */
export type Signal = "errors" | "residuals" | "digits" | "votes" | "copies" | "funding";

/**
 * 1 the cluster shares one cap (automatic, reversible); 2 no two of it sit on one jury; 3 a bonded case may be opened;
 * 4 a court has found against it. Statistics alone reach 2, with a second kind of evidence 3, never 4.
 */
export type LadderStep = 1 | 2 | 3 | 4;

export type Link = { a: number; b: number; signal: Signal; figures: Readonly<Record<string, string>> };

export type Cluster = {
  members: readonly number[];
  /** Followed by members, and sharing errors with them only: whose errors were copied has not colluded. */
  copied: readonly number[];
  step: LadderStep;
  /** Why it ends at step 1, where it does. */
  notice: "none" | "one source" | "copies";
  links: readonly Link[];
};

/** What the statistics cannot know: where stakes came from, and what a court has said of whom. */
export type Circumstances = {
  origins: readonly StakeOrigin[];
  /** Groups of providers that a court has found to act as one. */
  guilty: readonly (readonly number[])[];
};

const key = (a: number, b: number): string => (a < b ? `${a}-${b}` : `${b}-${a}`);

/** All clusters, strongest evidence first. Reads the monitor and leaves it as it was. */
export function findClusters(monitor: Monitor, limits: Limits, known: Circumstances): Cluster[] {
  const errorPairs = sharedPairs(monitor.errors, limits);
  const apart = new Set(linkedPairs(errorPairs, limits, true).map(({ a, b }) => key(a, b)));
  const errors = linkedPairs(errorPairs, limits).map((pair) => sharedLink("errors", pair));
  const residuals = residualLinks(monitor, limits);
  const sharing = new Set(errors.map(({ a, b }) => key(a, b)));
  const copies = findCopies(monitor.following, {
    minCommon: limits.minCommon,
    share: limits.copyShare,
    slack: limits.delaySlack,
    level: limits.level,
    // Two quick and careful ones are quick together all day. A copier has the mistakes too.
  }).filter(({ leader, follower }) => sharing.has(key(leader, follower)));
  const further: Link[] = [
    ...sharingLinks(monitor.digits, "digits", limits),
    ...sharingLinks(monitor.votes, "votes", limits),
    ...fundedTogether(known.origins, limits.publicOrigin).map(([a, b]): Link => ({
      a,
      b,
      signal: "funding",
      figures: {},
    })),
    ...copies.map(({ leader, follower, followed, common, r, p }): Link => ({
      a: leader,
      b: follower,
      signal: "copies",
      figures: { common: String(common), followed: String(followed), r: figure(r), p: figure(p) },
    })),
  ];
  excuseCopies(copies, apart, sharing);
  const leaders = leadersOf(copies, apart);
  const grouped = groupedPairs(errorPairs, copies, limits);
  for (const pair of grouped.pairs) {
    apart.add(key(pair.a, pair.b));
    if (!sharing.has(key(pair.a, pair.b))) errors.push(sharedLink("errors", pair));
  }
  const linking = strongestFirst([...errors, ...residuals]);
  // A copied provider holds no cluster of his copiers together: they are linked by their own shared errors.
  const led = new Set(
    copies.filter(({ leader }) => leaders.has(leader)).map(({ leader, follower }) => key(leader, follower)),
  );
  const solid = linking.filter(({ a, b }) => !led.has(key(a, b)));
  // And what he shares with them speaks against nobody, where his own source puts him beside them.
  for (const pair of led) apart.delete(pair);
  // First those whose errors nothing excuses; one common source must not drag its other readers in with them.
  const close = linkedGroups(
    onceEach([...pairsOf(solid.filter(({ a, b }) => apart.has(key(a, b)))), ...grouped.bonds]),
  );
  const taken = new Set(close.flat());
  const loose = solid.filter(({ a, b }) => !taken.has(a) && !taken.has(b));
  const groups = [...close, ...linkedGroups(onceEach(pairsOf(loose)))];
  const placed = new Set(groups.flat());
  const lone = [...new Set(copies.map(({ follower }) => follower))].filter(
    (follower) => !placed.has(follower) && !leaders.has(follower),
  );
  return [...groups, ...lone.map((follower) => [follower])]
    .map((members) => clusterOf(members, [...errors, ...residuals, ...further], { apart, leaders, known }))
    .toSorted((a, b) => b.step - a.step || b.members.length - a.members.length);
}

const pairsOf = (links: readonly Link[]): [number, number][] => links.map(({ a, b }) => [a, b]);

/** By p-value, and by number among equals. */
const strongestFirst = (links: readonly Link[]): Link[] =>
  links.toSorted((x, y) => Number(x.figures.p) - Number(y.figures.p) || x.a - y.a || x.b - y.b);

const onceEach = (pairs: readonly [number, number][]): [number, number][] =>
  [...new Map(pairs.toReversed().map((pair) => [key(...pair), pair])).values()].toReversed();

/**
 * Pairs that are linked because of the group that they are in: their errors without a common excuse are many, though not
 * enough for a pair by itself. Copies are left out, which have an account of their own.
 */
function groupedPairs(
  pairs: readonly SharedPair[],
  copies: readonly Led[],
  limits: Limits,
): { pairs: SharedPair[]; bonds: [number, number][] } {
  const copiers = new Set(copies.map(({ follower }) => follower));
  const weak = pairs.filter(
    ({ a, b, pApart }) => pApart <= limits.groupLevel && !copiers.has(a) && !copiers.has(b),
  );
  const n = new Set(pairs.flatMap(({ a, b }) => [a, b])).size;
  const groups = denseGroups(
    weak.map(({ a, b }) => [a, b] as const),
    n,
    { level: limits.groupLevel, budget: limits.budget },
  );
  const groupOf = new Map(groups.flatMap((members, group) => members.map((member) => [member, group])));
  return {
    pairs: weak.filter(({ a, b }) => groupOf.has(a) && groupOf.get(a) === groupOf.get(b)),
    // The group is what was found, so each of it belongs with each other, whatever the two share by themselves.
    bonds: groups.flatMap((members) =>
      members.flatMap((a, place) => members.slice(place + 1).map((b): [number, number] => [a, b])),
    ),
  };
}

type Led = { leader: number; follower: number };

/**
 * A copier reads nothing, so no source of his own accounts for what he shares with others who read what his leader reads.
 * What the leader's source accounts for, it accounts for in the copy: such pairs are no longer apart. Without this one
 * copier made accomplices of all honest readers of one source.
 */
function excuseCopies(copies: readonly Led[], apart: Set<string>, sharing: ReadonlySet<string>): void {
  const partners = Map.groupBy(
    [...sharing]
      .map((pair) => pair.split("-").map(Number) as [number, number])
      .flatMap(([a, b]) => [[a, b] as const, [b, a] as const]),
    ([one]) => one,
  );
  const excused = copies.flatMap(({ leader, follower }) =>
    (partners.get(leader) ?? [])
      .map(([, other]) => other)
      .filter((other) => other !== follower && !apart.has(key(leader, other)))
      .map((other) => key(follower, other)),
  );
  for (const pair of excused) apart.delete(pair);
}

/**
 * Whoever is followed, follows nobody, and errs apart from every source with his followers only. An accomplice could pass for
 * copied by answering first, so this frees nobody who errs so with somebody that comes before him or long after.
 */
function leadersOf(copies: readonly Led[], apart: ReadonlySet<string>): Set<number> {
  const followers = new Set(copies.map(({ follower }) => follower));
  const led = new Set(copies.map(({ leader, follower }) => key(leader, follower)));
  const bound = new Set(
    [...apart].filter((pair) => !led.has(pair)).flatMap((pair) => pair.split("-").map(Number)),
  );
  return new Set(
    copies.map(({ leader }) => leader).filter((leader) => !followers.has(leader) && !bound.has(leader)),
  );
}

function clusterOf(
  members: readonly number[],
  all: readonly Link[],
  context: { apart: ReadonlySet<string>; leaders: ReadonlySet<number>; known: Circumstances },
): Cluster {
  const inside = new Set(members);
  const copied = [...context.leaders].filter(
    (leader) =>
      !inside.has(leader) &&
      all.some(({ a, b, signal }) => signal === "copies" && a === leader && inside.has(b)),
  );
  const led = new Set(copied);
  const links = all.filter(
    ({ a, b, signal }) => inside.has(b) && (inside.has(a) || (signal === "copies" && led.has(a))),
  );
  const isApart = links.some(({ a, b }) => context.apart.has(key(a, b)));
  const kinds = new Set(links.map(({ signal }) => (signal === "residuals" ? "errors" : signal)));
  const isGuilty = context.known.guilty.some(
    (group) => group.filter((member) => inside.has(member)).length > 1,
  );
  // One who copies is no cluster: there is nobody to keep him from on a jury.
  const isLone = members.length === 1;
  const step: LadderStep = isGuilty ? 4 : !isApart || isLone ? 1 : kinds.size > 1 ? 3 : 2;
  const notice = step > 1 ? "none" : isLone ? "copies" : "one source";
  return { members, copied: copied.toSorted((a, b) => a - b), step, notice, links };
}

/** Without slack: these only add to what shared errors have linked. */
const sharingLinks = (from: Sharing, signal: Signal, all: Limits): Link[] => {
  const limits = { ...all, slack: 0 };
  return linkedPairs(sharedPairs(from, limits), limits, true).map((pair) => sharedLink(signal, pair));
};

const sharedLink = (signal: Signal, pair: SharedPair): Link => ({
  a: pair.a,
  b: pair.b,
  signal,
  figures: {
    common: String(pair.common),
    shared: String(pair.shared),
    unexcused: String(pair.unexcused),
    expected: figure(pair.expected),
    t: figure(pair.t),
    tApart: figure(pair.tApart),
    p: figure(pair.p),
  },
});

function residualLinks(monitor: Monitor, limits: Limits): Link[] {
  const pairs = correlatedPairs(monitor.residuals, {
    minCommon: limits.minCommon,
    slack: limits.residualSlack,
  });
  const cut = benjaminiHochberg(
    pairs.map(({ p }) => p),
    limits.level,
  );
  if (cut === null) return [];
  const most = Math.min(cut, limits.budget / pairs.length);
  return pairs
    .filter(({ p, z }) => p <= most && z > limits.linkT)
    .map(({ a, b, common, r, z, p }) => ({
      a,
      b,
      signal: "residuals",
      figures: { common: String(common), r: figure(r), z: figure(z), p: figure(p) },
    }));
}

/** Six significant digits as text: enough to check, and the same text wherever it is computed. */
const figure = (value: number): string => String(Number(value.toPrecision(6)));

/** Links kept in a record, strongest kinds as found. Everybody can recompute the others. */
const MAX_LINKS = 500;

/** What is kept of a cluster, in canonical JSON, and its keccak256: the root that step 1 posts. */
export function evidenceOfCluster(
  cluster: Cluster,
  about: {
    chainId: number;
    at: UnixSeconds;
    monitor: Pick<Monitor, "from" | "to" | "errors">;
    limits: Limits;
    /** Owner of each provider, by his number. */
    owners: readonly Address[];
  },
): { text: string; hash: Hex } {
  const owner = (index: number): string =>
    need(about.owners[index], `the owner of provider ${index}`).toLowerCase();
  const text = canonicalJson({
    version: 1,
    kind: "collusion",
    chainId: about.chainId,
    at: about.at,
    window: { from: about.monitor.from, to: about.monitor.to, questions: about.monitor.errors.questions },
    step: cluster.step,
    notice: cluster.notice,
    members: cluster.members.map(owner).toSorted(),
    copied: cluster.copied.map(owner).toSorted(),
    links: cluster.links
      .slice(0, MAX_LINKS)
      .map(({ a, b, signal, figures }) => ({ a: owner(a), b: owner(b), signal, figures })),
    linksInAll: cluster.links.length,
    limits: Object.fromEntries(Object.entries(about.limits).map(([name, value]) => [name, String(value)])),
  });
  return { text, hash: keccak256(stringToHex(text)) };
}
