import { need } from "@sooth/kernel";

/**
 * Disjoint groups of more than one member in which each is linked with each: complete linkage. Connected components would let
 * whoever links himself to many honest ones make one party of them all. Honest ones share nothing, so no group has two, and of
 * a seats an attacker ties himself to a honest ones at most.
 *
 * The largest group comes first, whole: were it the strongest pair, each of a clique could tie himself closely to an honest one
 * and so leave the others.
 * @param links each pair once, the strongest first; of the same links in the same order everybody makes the same groups
 * @returns each sorted, in the order of their first member
 */
export function linkedGroups(links: readonly (readonly [number, number])[]): number[][] {
  /** Of each its neighbours with the place of the link: the lower, the stronger. */
  const neighbours = new Map<number, Map<number, number>>();
  const link = (a: number, b: number, place: number) =>
    neighbours.set(a, (neighbours.get(a) ?? new Map<number, number>()).set(b, place));
  for (const [place, [a, b]] of links.entries()) {
    link(a, b, place);
    link(b, a, place);
  }
  const groups: number[][] = [];
  for (;;) {
    let best: Grown | null = null;
    for (const seed of [...neighbours.keys()].toSorted((a, b) => a - b)) {
      // None that it could be in is larger, or it is in this one.
      if (best !== null && (neighbours.get(seed)?.size ?? 0) + 1 < best.members.length) continue;
      if (best?.members.includes(seed)) continue;
      const grown = grow(neighbours, seed);
      if (best === null || comesFirst(grown, best)) best = grown;
    }
    if (best === null || best.members.length < 2) break;
    groups.push(best.members.toSorted((a, b) => a - b));
    for (const member of best.members) {
      for (const other of need(neighbours.get(member), "a member").keys())
        neighbours.get(other)?.delete(member);
      neighbours.delete(member);
    }
  }
  return groups.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

type Neighbours = ReadonlyMap<number, ReadonlyMap<number, number>>;
/** `places`: sum of the places of its links; the lower, the stronger. */
type Grown = { members: number[]; places: number };

const comesFirst = (one: Grown, other: Grown): boolean =>
  one.members.length > other.members.length ||
  (one.members.length === other.members.length && one.places < other.places);

/**
 * Around `seed`, each time with whoever leaves most others who could come too; of equals with the one whose links are strongest.
 * To find the very largest of all would take for ever where somebody draws the links to that end.
 */
function grow(neighbours: Neighbours, seed: number): Grown {
  const members = [seed];
  /** Linked with all members, with the sum of the places of those links. */
  let candidates = new Map(neighbours.get(seed));
  let places = 0;
  while (candidates.size > 0) {
    const ranked = [...candidates].map(([other, sum]) => ({
      other,
      sum,
      more: commonOf(need(neighbours.get(other), "a neighbour"), candidates),
    }));
    const next = ranked.reduce((first, one) =>
      one.more > first.more ||
      (one.more === first.more && (one.sum < first.sum || (one.sum === first.sum && one.other < first.other)))
        ? one
        : first,
    );
    members.push(next.other);
    places += next.sum;
    const near = need(neighbours.get(next.other), "a neighbour");
    candidates = new Map(
      [...candidates].flatMap(([other, sum]) => {
        const place = near.get(other);
        return place === undefined ? [] : [[other, sum + place] as const];
      }),
    );
  }
  return { members, places };
}

function commonOf(one: ReadonlyMap<number, unknown>, other: ReadonlyMap<number, unknown>): number {
  let count = 0;
  for (const member of one.keys()) if (other.has(member)) count += 1;
  return count;
}
