import { expect, test } from "vitest";
import { unanswered } from "./side-names.ts";

test("without an answer a set is worth its collateral, however many outcomes there are", () => {
  expect([unanswered(10n, "yes", 1), unanswered(10n, "no", 1)]).toEqual([5n, 5n]);
  expect([unanswered(12n, "yes", 3), unanswered(12n, "no", 3)]).toEqual([4n, 8n]);
  expect([unanswered(10n, "yes", 3), unanswered(10n, "no", 3)]).toEqual([3n, 6n]);
});
