import { expect, test } from "vitest";
import { witnessEffect } from "./witness-effect.ts";

const voice = (value: bigint, weight = 10n, family = "a") => ({ value, weight, family });
const MEDIAN = { aggregation: "median", tolerance: 5n } as const;

test.each<[string, Parameters<typeof witnessEffect>[2], number, boolean]>([
  ["silence means nothing", [], 60, false],
  ["agreement changes nothing", [voice(105n), voice(95n)], 60, false],
  ["half against is not more than half", [voice(105n), voice(106n)], 60, false],
  ["more than half against doubles the window", [voice(105n), voice(106n), voice(94n)], 120, true],
  ["weight counts, not heads", [voice(100n, 30n), voice(106n), voice(94n)], 60, false],
])("%s", (_, voices, window, alerted) => {
  const effect = witnessEffect(100n, MEDIAN, voices, 60);
  expect([effect.window, effect.alert !== null]).toEqual([window, alerted]);
});

test("outcomes have no tolerance, and the alert names the families", () => {
  const effect = witnessEffect(
    1n,
    { aggregation: "plurality", tolerance: 5n },
    [voice(0n, 1n, "b"), voice(0n)],
    60,
  );
  expect(effect).toEqual({ window: 120, alert: "witnesses (a, b) contradict the quorum's answer 1" });
});
