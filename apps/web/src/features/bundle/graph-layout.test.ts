import { at } from "@sooth/kernel";
import { expect, test } from "vitest";
import type { WireLeg } from "../../api.ts";
import { lineOf, NODE, pictureOf } from "./graph-layout.ts";

type Needs = Partial<Pick<WireLeg, "needsOk" | "needsFailed" | "needsSettled" | "undoes">>;
const leg = (place: number, needs: Needs = {}) => ({
  place,
  leg: {
    chainId: 1,
    kind: "shared" as const,
    target: `0x${"01".repeat(20)}`,
    value: "0",
    gasLimit: 1,
    data: "0x",
    needsOk: [],
    needsFailed: [],
    needsSettled: [],
    undoes: null,
    splices: [],
    conditions: [],
    salt: `0x${"00".repeat(32)}`,
    ...needs,
  },
});
/** 0 and 1 side by side, 2 on both, 3 undoes 2 and 4 undoes 0. */
const legs = [
  leg(0),
  leg(1),
  leg(2, { needsOk: [0, 1] }),
  leg(3, { undoes: 2 }),
  leg(4, { undoes: 0, needsSettled: [3] }),
];
const nodeOf = (width: number, place: number) => {
  const { nodes } = pictureOf(legs, width);
  return at(
    nodes,
    nodes.findIndex((node) => node.place === place),
  );
};

test("what needs others stands below them, what undoes a leg stands beside it", () => {
  const [first, beside, below, undo] = [0, 1, 2, 4].map((place) => nodeOf(800, place));
  expect(beside?.y).toBe(first?.y);
  expect(below?.y).toBeGreaterThan((first?.y ?? 0) + NODE.height);
  expect(undo).toMatchObject({ y: first?.y, undoes: 0 });
  expect(undo?.x).toBeGreaterThan(first?.x ?? 0);
});

test.each([328, 360, 700, 1_100])("nothing overlaps and nothing sticks out at %i px", (width) => {
  const many = Array.from({ length: 32 }, (_, place) =>
    leg(place, place % 5 === 0 ? {} : { needsOk: [place - 1] }),
  );
  for (const picture of [pictureOf(legs, width), pictureOf(many, width)]) {
    for (const one of picture.nodes) {
      expect(one.x + one.width).toBeLessThanOrEqual(width);
      expect(one.y + NODE.height).toBeLessThanOrEqual(picture.height);
      expect(one.width).toBeGreaterThanOrEqual(NODE.least);
      const over = picture.nodes.filter(
        (other) =>
          other !== one &&
          Math.abs(other.y - one.y) < NODE.height &&
          other.x < one.x + one.width &&
          one.x < other.x + other.width,
      );
      expect(over).toEqual([]);
    }
  }
});

test("lines say what needs what; a leg that is private has none, and stands all the same", () => {
  expect(pictureOf(legs, 800).edges).toEqual([
    { from: 0, to: 2, kind: "ok" },
    { from: 1, to: 2, kind: "ok" },
    { from: 2, to: 3, kind: "undoes" },
    { from: 0, to: 4, kind: "undoes" },
  ]);
  const hidden = pictureOf(
    [
      { place: 0, leg: null },
      { place: 1, leg: null },
    ],
    400,
  );
  expect(hidden.nodes.map(({ place }) => place)).toEqual([0, 1]);
  expect(hidden.edges).toEqual([]);
});

test("a line leaves one node and ends at the other", () => {
  const [from, to] = [nodeOf(800, 0), nodeOf(800, 2)];
  const line = lineOf(from, to);
  expect(line.startsWith(`M${from.x + from.width / 2} ${from.y + NODE.height}C`)).toBe(true);
  expect(line.endsWith(`${to.x + to.width / 2} ${to.y}`)).toBe(true);
});
