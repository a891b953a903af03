import { expect, test } from "vitest";
import { rankedPage } from "./ranked-page.ts";

/** A server with these opinions, by falling stake, and what it was asked. */
function serverOf(owners: readonly string[]) {
  const asked: string[] = [];
  const ask = async (query: Parameters<Parameters<typeof rankedPage>[2]>[0]) => {
    asked.push("owners" in query ? "owners" : "largest");
    if ("owners" in query) {
      const named = new Set(query.owners.split(","));
      expect(named.size).toBeLessThanOrEqual(50);
      return { items: owners.filter((owner) => named.has(owner)).map((owner) => ({ owner })), next: null };
    }
    const from = Number(query.cursor ?? 0);
    const to = from + query.limit;
    return {
      items: owners.slice(from, to).map((owner) => ({ owner })),
      next: to < owners.length ? String(to) : null,
    };
  };
  return { ask, asked };
}
async function walk(ranked: readonly string[], owners: readonly string[]) {
  const { ask, asked } = serverOf(owners);
  const pages: string[][] = [];
  for (let place: string | null = "0"; place !== null;) {
    const { items, next }: { items: { owner: string }[]; next: string | null } = await rankedPage(
      { key: "", owners: ranked, all: owners.length },
      place,
      ask,
    );
    pages.push(items.map(({ owner }) => owner));
    place = next;
  }
  return { pages, asked };
}

test("over several pages the order is that of the ranking, then comes the rest, each once", async () => {
  const ranked = Array.from({ length: 47 }, (_, index) => `ranked${index}`);
  const rest = Array.from({ length: 130 }, (_, index) => `rest${index}`);
  const { pages } = await walk(ranked.toReversed(), [...ranked, ...rest]);
  expect(pages.flat()).toEqual([...ranked.toReversed(), ...rest]);
  expect(pages.map((page) => page.length)).toEqual([20, 20, 7, 53, 77]);
});

test("pages of the largest that hold nobody else are passed over, and an owner the server does not know is left out", async () => {
  const ranked = Array.from({ length: 220 }, (_, index) => `ranked${index}`);
  const { pages, asked } = await walk([...ranked, "gone"], [...ranked, "late", "last"]);
  expect(asked.filter((one) => one === "largest")).toHaveLength(3);
  expect(pages.at(-1)).toEqual(["late", "last"]);
  expect(pages.flat()).toEqual([...ranked, "late", "last"]);
});

test("where all are ranked there is nothing more to load behind them", async () => {
  const ranked = Array.from({ length: 20 }, (_, index) => `ranked${index}`);
  const { pages, asked } = await walk(ranked, ranked);
  expect([pages.length, asked]).toEqual([1, ["owners"]]);
});
