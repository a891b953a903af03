import { expect, test } from "vitest";
import { readFilters } from "./market-filters.ts";

test("takes filters from the address bar and nothing else", () => {
  expect(readFilters({ search: "eth", status: "trading", kind: "bool", sort: "closing" })).toEqual({
    search: "eth",
    status: "trading",
    kind: "bool",
    sort: "closing",
  });
  const hostile = readFilters({ search: { a: 1 }, status: "<script>", kind: 3, sort: "constructor", x: "y" });
  expect(hostile).toEqual({ search: undefined, status: undefined, kind: undefined, sort: undefined });
  expect(readFilters({ search: "a".repeat(5_000) }).search).toHaveLength(100);
});
