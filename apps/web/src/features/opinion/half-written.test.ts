import { expect, test } from "vitest";
import { forgetHalf, keepHalf, readHalf } from "./half-written.ts";

const HALF = { typed: "2.5", text: "Streets are for people.", band: 14 };

function store() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test("what was begun is there again, for its market alone, until it is forgotten", () => {
  const tab = store();
  keepHalf("0x1", HALF, tab);
  expect([readHalf("0x1", tab), readHalf("0x2", tab)]).toEqual([HALF, null]);
  forgetHalf("0x1", tab);
  expect([readHalf("0x1", tab), tab.kept.size]).toEqual([null, 0]);
});

test.each(["{", "null", "7", '{"typed":"5"}', JSON.stringify({ ...HALF, band: 21 })])(
  "what is none of ours is nothing: %s",
  (text) => {
    const tab = store();
    tab.setItem("sooth.opinion.0x1", text);
    expect(readHalf("0x1", tab)).toBe(null);
  },
);

test("a tab that has no room loses nothing that the page holds", () => {
  const full = {
    ...store(),
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  expect(() => keepHalf("0x1", HALF, full)).not.toThrow();
});
