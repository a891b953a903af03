import type { Address } from "@sooth/kernel";

/** What came of a wallet's stakes in the markets that ended within a season. */
export type SeasonResult = { address: Address; profit: bigint; markets: number };
export type Move = "up" | "stays" | "down";
export type Standing = SeasonResult & { division: number; rank: number; goes: Move };

/** The first is the best; who is new begins in the last. */
export const DIVISIONS = 3;
/** Of a division so many parts; one of them may rise, one may fall. */
const PARTS = 5;
/** Who had no market end for so many seasons in a row begins anew. */
const FORGOTTEN_AFTER = 3;

type Place = { division: number; seen: number };

/**
 * Where everybody stands at the end of the last season, or so far: by division, in each by profit. The best fifth of a division rises
 * if it gained, the worst fifth falls if it lost; fifths are rounded up, and who has the same profit goes the same way. Who had
 * nothing end keeps his place, and begins anew after three such seasons. Follows from the seasons' results alone.
 * @param seasons in order, without a gap: one that nothing ended in is empty
 */
export function standings(seasons: readonly (readonly SeasonResult[])[]): Standing[] {
  const places = new Map<Address, Place>();
  let last: Standing[] = [];
  seasons.forEach((results, season) => {
    const divisionOf = (address: Address): number => {
      const place = places.get(address);
      return place === undefined || season - place.seen > FORGOTTEN_AFTER ? DIVISIONS : place.division;
    };
    const byDivision = Map.groupBy(results, ({ address }) => divisionOf(address));
    last = [...byDivision]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([division, among]) => ranked(division, among));
    for (const { address, division, goes } of last)
      places.set(address, { division: division + STEP[goes], seen: season });
  });
  return last;
}

const STEP: Readonly<Record<Move, number>> = { up: -1, stays: 0, down: 1 };

function ranked(division: number, among: readonly SeasonResult[]): Standing[] {
  const sorted = among.toSorted(
    (a, b) => Number(b.profit > a.profit) - Number(b.profit < a.profit) || (a.address < b.address ? -1 : 1),
  );
  const moving = Math.ceil(sorted.length / PARTS);
  const better = ranksOf(sorted);
  const worse = ranksOf(sorted.toReversed()).toReversed();
  return sorted.map((one, at) => {
    const rank = better[at] ?? 0;
    const rises = division > 1 && one.profit > 0n && rank <= moving;
    const falls = division < DIVISIONS && one.profit < 0n && (worse[at] ?? 0) <= moving;
    return { ...one, division, rank, goes: rises ? "up" : falls ? "down" : "stays" };
  });
}

/** Places from 1 on; who has the same has the same. */
function ranksOf(sorted: readonly SeasonResult[]): number[] {
  const ranks: number[] = [];
  sorted.forEach(({ profit }, at) => {
    ranks.push(profit === sorted[at - 1]?.profit ? (ranks[at - 1] ?? 1) : at + 1);
  });
  return ranks;
}

/** The calendar month, UTC, that a moment is in: `2026-11`. */
export const seasonOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 7);

/** All seasons from one to another, both among them. */
export function seasonsBetween(first: string, last: string): string[] {
  const seasons: string[] = [];
  for (let at = first; at <= last; at = seasonOf(startsAt(at) + 32 * 86_400)) seasons.push(at);
  return seasons;
}

/** Unix seconds. */
export const startsAt = (season: string): number => Date.parse(`${season}-01T00:00:00Z`) / 1_000;
