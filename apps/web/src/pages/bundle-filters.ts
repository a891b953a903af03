import type { BundleFilters } from "../api.ts";
import { STATUSES } from "../features/bundle/statuses.ts";

const MODES = ["ordered", "escrowed"] as const;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((candidate) => candidate === value);

/** What the address bar asks for: the API's filters, and whether only those of the connected wallet are wanted. */
export type BundleSearch = Pick<BundleFilters, "mode" | "status"> & { mine?: true | undefined };

/** Anything that is no filter is dropped. */
export function readBundleFilters(search: Record<string, unknown>): BundleSearch {
  return {
    mode: oneOf(MODES, search["mode"]),
    status: oneOf(STATUSES, search["status"]),
    mine: search["mine"] === true || undefined,
  };
}
