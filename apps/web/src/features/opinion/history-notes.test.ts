import { expect, test } from "vitest";
import type { OpinionMarket } from "../../api.ts";
import { historyNotes } from "./history-notes.ts";

type Came = { status?: string; result?: { score: number; at: number; drawnAt: number | null } | null };
const market = ({ status = "open", result = null }: Came = {}, revealsUntil = 100) =>
  ({
    terms: { closesAt: 100 },
    revealsUntil,
    question: { status, deadline: 400 },
    result,
  }) as unknown as OpinionMarket;
const told = (...args: Parameters<typeof historyNotes>) =>
  historyNotes(...args).map(({ at, text }) => `${at} ${text}`);
const answered = { answeredAt: 120, veto: null };

test("what is still to come is no note", () => {
  expect(told(market(), undefined, [], 99)).toEqual([]);
  expect(told(market(), undefined, [], 100)).toEqual(["100 Closed"]);
  expect(told(market({}, 150), undefined, [], 149)).toEqual(["100 Closed"]);
  expect(told(market({}, 150), undefined, [], 150).at(-1)).toBe("150 Time to tell stances ended");
});

test("a score, what was done against it, and the draw, in their order", () => {
  const scored = market({ status: "final", result: { score: 0, at: 200, drawnAt: 230 } });
  const detail = { ...answered, veto: { at: 125 } as never };
  expect(told(scored, detail, [{ openedAt: 130 }], 500)).toEqual([
    "100 Closed",
    "120 A score was reported",
    "125 Put off by its watcher",
    "130 Disputed",
    "200 Scored: 0",
    "230 Drawn",
  ]);
});

test("a draw of which nobody kept the time is no note, and who got no answer is told so", () => {
  expect(told(market({ result: { score: 50, at: 200, drawnAt: null } }), answered, [], 500).at(-1)).toBe(
    "200 Scored: 50",
  );
  expect(told(market({ status: "invalid" }), undefined, [], 500)).toEqual([
    "100 Closed",
    "400 Invalid: stakes go back",
  ]);
});
