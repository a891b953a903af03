import { weightAt } from "@sooth/markets/core";
import { expect, test } from "vitest";
import { RULE_WORDS } from "./rule-words.ts";

/** Weight of a stake so far from the score, of 100 at the score itself, as the contract has it. */
function countsAt(distance: number, rule: "linear" | "square" | "fourth" | "eighth"): number {
  const ended = { score: 0, total: 1n as never, facts: 0n };
  const [there, here] = [weightAt(distance / 5, rule, ended), weightAt(0, rule, ended)];
  return Math.round(Number((there * 10_000n) / here) / 100);
}

test.each(["linear", "square", "fourth", "eighth"] as const)(
  "what the choice of %s says of nearness is what the contract counts",
  (rule) => {
    const said = String(RULE_WORDS[rule].hint.message);
    const [near, far] = [countsAt(20, rule), countsAt(40, rule)];
    expect(said).toContain(`20 points from the score a stake counts ${near} of 100, 40 points off ${far}.`);
  },
);
