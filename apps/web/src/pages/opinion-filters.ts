import type { OpinionFilters } from "../api.ts";
import { OPINION_STATUSES } from "../features/opinion/opinion-status.tsx";

const SORTS = ["relevance", "volume", "closing", "newest"] as const;
/** In what time it closes, in seconds, and how sure a score is, in basis points. */
export const CLOSINGS = [3_600, 86_400, 604_800] as const;
export const CONFIDENCES = [5_000, 7_000, 9_000] as const;
/** Of the collateral. */
export const LEAST_STAKED = [10, 100, 1_000] as const;
/** Those that stand behind a button. */
export const FURTHER = [
  "stances",
  "creator",
  "staker",
  "closesWithin",
  "leastVolume",
  "leastConfidence",
] as const satisfies readonly (keyof OpinionFilters)[];

const oneOf = <T extends string | number>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => String(candidate) === String(value));
/** Numbers in an address come as such. */
const like = (shape: RegExp, value: unknown): string | undefined =>
  (typeof value === "string" || typeof value === "number") && shape.test(String(value))
    ? String(value)
    : undefined;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** What the address bar asks for; anything that is no filter is dropped. */
export function readOpinionFilters(search: Record<string, unknown>): OpinionFilters {
  const text = typeof search["search"] === "string" ? search["search"].slice(0, 100) : undefined;
  return {
    search: text === "" ? undefined : text,
    status: oneOf(OPINION_STATUSES, search["status"]),
    sort: oneOf(SORTS, search["sort"]),
    stances: oneOf(["open", "hidden"], search["stances"]),
    creator: like(ADDRESS, search["creator"]),
    staker: like(ADDRESS, search["staker"]),
    closesWithin: oneOf(CLOSINGS, search["closesWithin"]),
    leastVolume: like(/^[1-9]\d{0,29}$/, search["leastVolume"]),
    leastConfidence: oneOf(CONFIDENCES, search["leastConfidence"]),
  };
}

/** The order in which the list stands: what fits best first where something is searched for, else the largest. */
export const orderOf = ({ sort, search }: OpinionFilters): NonNullable<OpinionFilters["sort"]> =>
  (search === undefined && sort === "relevance" ? undefined : sort) ??
  (search === undefined ? "volume" : "relevance");
