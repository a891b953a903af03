import { expect, test } from "vitest";
import type { QuestionDetail } from "../../api.ts";
import { stagesOf } from "./stages.ts";

const question = (change: Partial<QuestionDetail>) =>
  ({
    status: "open",
    askedAt: 100,
    schema: { observeAt: 1_000 },
    opensAt: 1_000,
    deadline: 2_000,
    liveness: 60,
    finalizeAt: null,
    answeredAt: null,
    label: null,
    reports: [],
    ...change,
  }) as unknown as QuestionDetail;
const states = (change: Partial<QuestionDetail>, now: number) =>
  stagesOf(question(change), now).map(({ name, state }) => `${name} ${state}`);

test("waits for the moment, then for reports", () => {
  expect(states({}, 500)).toEqual(["Asked past", "Observe now", "Report next", "Answer next", "Final next"]);
  expect(states({}, 1_500)).toEqual([
    "Asked past",
    "Observe past",
    "Report now",
    "Answer next",
    "Final next",
  ]);
});

test("an answer waits for its finality, then stands", () => {
  const answered = { status: "answered", finalizeAt: 1_560, answeredAt: 1_500, label: "Yes" } as const;
  expect(states(answered, 1_520)).toEqual([
    "Asked past",
    "Observe past",
    "Report past",
    "Answer past",
    "Final now",
  ]);
  expect(stagesOf(question(answered), 1_520)[3]).toMatchObject({ at: 1_500, note: "Yes" });
  expect(states({ ...answered, status: "final" }, 1_600)[4]).toBe("Final past");
});

test("an answer keeps its time through a dispute, which puts off only when it is final", () => {
  const answer = { answeredAt: 1_500, label: "Yes" } as const;
  const disputed = { ...answer, status: "disputed", finalizeAt: null } as const;
  expect(stagesOf(question(disputed), 1_520)[3]).toMatchObject({ at: 1_500, note: "disputed" });
  const upheld = { ...answer, status: "answered", finalizeAt: 9_000 } as const;
  expect(stagesOf(question(upheld), 8_950)[3]).toMatchObject({ at: 1_500, note: "Yes" });
});

test("without an answer it ends invalid at its deadline", () => {
  const stages = stagesOf(question({ status: "invalid" }), 2_100);
  expect(stages[4]).toMatchObject({
    name: "Invalid",
    at: 2_000,
    note: "everybody is refunded",
    state: "past",
  });
  expect(stages[3]).toMatchObject({ state: "off" });
});
