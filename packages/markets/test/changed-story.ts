import { need } from "@sooth/kernel";
import { noteOn } from "@sooth/oracle/core";
import { expect } from "vitest";
import type { OpinionLedger } from "../src/core/proof/opinion-ledger.ts";
import type { OpinionLog, OpinionLogOf } from "../src/core/proof/opinion-log.ts";
import { endOf } from "../src/core/proof/opinions-moved.ts";
import { domain, isLog, replayed, type Step, type Story } from "./opinion-story.ts";

/** What is found wrong with a story, as it is or with one log changed. */

export const found = ({ oracle }: OpinionLedger): string[] => oracle.findings.map(({ what }) => what);
export const told = ({ oracle }: OpinionLedger): string[] => oracle.lines.map(({ what }) => what);

/** A finding that is this, or looks like it. */
export const saying = (finding: string | RegExp): unknown =>
  typeof finding === "string" ? finding : expect.stringMatching(finding);
export const bookIn = (ledger: OpinionLedger, { id }: Pick<Story, "id">) =>
  need(ledger.markets.get(id), "the market");
export const noteAt = (ledger: OpinionLedger, { id, end }: Story) =>
  noteOn(ledger.oracle, endOf({ block: 9_999, at: end }), id);

export type Change<E extends OpinionLog["event"]> = (args: OpinionLogOf<E>["args"]) => object;
/** The story with one log changed, as the contract might have logged it. */
export function changed<E extends OpinionLog["event"]>(
  story: Story,
  event: E,
  change: Change<E>,
  place = 0,
): string[] {
  const target = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  const steps = story.steps.map((step) =>
    step === target && isLog(step)
      ? ({ ...step, args: change(step.args as OpinionLogOf<E>["args"]) } as unknown as Step)
      : step,
  );
  return found(replayed(steps));
}
export const shifted = (story: Story, event: OpinionLog["event"], when: number, place = 0): string[] => {
  const target = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  return found(replayed(story.steps.map((step) => (step === target ? { ...step, at: when } : step))));
};
export const without = (story: Story, event: OpinionLog["event"], place = 0): string[] => {
  const gone = need(story.steps.filter((step) => isLog(step) && step.event === event)[place], event);
  return found(replayed(story.steps.filter((step) => step !== gone)));
};

/** The first prize went to the treasury at `when`. */
export const swept = (steps: readonly Step[], when: number): OpinionLedger =>
  replayed(
    steps.map((step) =>
      isLog(step) && step.event === "PrizePaid" && step.args.prize === 0n
        ? { ...step, at: when, args: { ...step.args, owner: domain.params.treasury } }
        : step,
    ),
  );
