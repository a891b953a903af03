import { expect, test } from "vitest";
import type { Market } from "../../api.ts";
import { hasOneLine, rivalsOf } from "./rivals.ts";

type Some = { openedAt?: number; closesAt?: number; kind?: string; labels?: string[] };
const market = (
  id: string,
  title: string,
  { openedAt = 10, closesAt = 100, kind = "bool", labels = ["No", "Yes"] }: Some = {},
) =>
  ({
    id,
    title,
    openedAt,
    terms: { closesAt },
    outcomes: labels.map((label) => ({ label })),
    question: { schema: { kind } },
  }) as unknown as Market;
const own = market("own", "Will ether close above 2,400 on Friday?");
const ids = (...others: Market[]) => rivalsOf(own, others, 3).map(({ id }) => id);

test("what asks most nearly the same comes first, each once, and the market itself never", () => {
  const far = market("far", "Will it rain?");
  const near = market("near", "Will ether close above 3,000 on Friday?");
  expect(ids(own, far, near, near)).toEqual(["near", "far"]);
  expect(ids(far, market("b", "b"), market("c", "c"), near)).toEqual(["near", "far", "b"]);
});

test("what has another kind, other outcomes or another time is no rival", () => {
  expect(
    ids(
      market("kind", "x", { kind: "categorical" }),
      market("outcomes", "x", { labels: ["No", "Maybe"] }),
      market("later", "x", { openedAt: 100 }),
      market("before", "x", { openedAt: 1, closesAt: 10 }),
      market("meets", "x", { openedAt: 99 }),
    ),
  ).toEqual(["meets"]);
});

test("one line says all of two outcomes", () => {
  expect([hasOneLine(own), hasOneLine(market("m", "x", { labels: ["A", "B", "C"] }))]).toEqual([true, false]);
});
