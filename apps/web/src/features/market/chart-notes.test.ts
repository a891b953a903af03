import { expect, test } from "vitest";
import type { Market } from "../../api.ts";
import { notesOf } from "./chart-notes.ts";

type Asked = { status?: string; finalizeAt?: number | null };
const market = ({ status = "open", finalizeAt = null }: Asked = {}) =>
  ({
    openedAt: 10,
    terms: { closesAt: 100 },
    question: { status, finalizeAt, deadline: 200 },
  }) as unknown as Market;
const told = (...args: Parameters<typeof notesOf>) => notesOf(...args).map(({ at, text }) => `${at} ${text}`);
const answered = { answeredAt: 120, label: "Yes", veto: null, clarifications: [] };

test("what is still to come is no note", () => {
  expect(told(market(), undefined, [], 99)).toEqual(["10 Opened"]);
  expect(told(market(), undefined, [], 100)).toEqual(["10 Opened", "100 Stakes ended"]);
  expect(told(market({ status: "answered", finalizeAt: 150 }), answered, [], 149).at(-1)).toBe(
    "120 Answered: Yes",
  );
});

test("an answer, what was done against it, and its end, in their order", () => {
  const detail = {
    ...answered,
    veto: { at: 125 } as never,
    clarifications: [{ at: 40 } as never],
  };
  expect(told(market({ status: "final", finalizeAt: 190 }), detail, [{ openedAt: 130 }], 500)).toEqual([
    "10 Opened",
    "40 Clarified by its asker",
    "100 Stakes ended",
    "120 Answered: Yes",
    "125 Put off by its watcher",
    "130 Disputed",
    "190 Final",
  ]);
});

test("a question that nobody answered ends at its deadline", () => {
  const nothing = { ...answered, answeredAt: null, label: null };
  expect(told(market({ status: "invalid" }), nothing, [], 500).at(-1)).toBe("200 Invalid: stakes go back");
});
