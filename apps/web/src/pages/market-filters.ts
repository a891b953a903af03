import type { MarketFilters } from "../api.ts";
import { FORM_KINDS } from "@sooth/oracle/core";

const STATUSES = ["trading", "closed", "answered", "settled", "void"] as const;
const SORTS = ["volume", "closing", "newest"] as const;

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => candidate === value);

/** What the address bar asks for; anything that is no filter is dropped. */
export function readFilters(search: Record<string, unknown>): MarketFilters {
  const text = typeof search["search"] === "string" ? search["search"].slice(0, 100) : undefined;
  return {
    search: text === "" ? undefined : text,
    status: oneOf(STATUSES, search["status"]),
    kind: oneOf(FORM_KINDS, search["kind"]),
    sort: oneOf(SORTS, search["sort"]),
  };
}
