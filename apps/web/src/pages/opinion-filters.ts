import type { OpinionFilters } from "../api.ts";
import { OPINION_STATUSES } from "../features/opinion/opinion-status.tsx";

const SORTS = ["volume", "closing", "newest"] as const;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => candidate === value);

/** What the address bar asks for; anything that is no filter is dropped. */
export function readOpinionFilters(search: Record<string, unknown>): OpinionFilters {
  const text = typeof search["search"] === "string" ? search["search"].slice(0, 100) : undefined;
  return {
    search: text === "" ? undefined : text,
    status: oneOf(OPINION_STATUSES, search["status"]),
    sort: oneOf(SORTS, search["sort"]),
  };
}
