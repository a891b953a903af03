import type { Hex } from "@sooth/kernel";
import type { z } from "zod";
import type { JuryPhase } from "../jury/index.ts";
import { type Pause, unixAt } from "./court-clock.ts";
import { JURY_SIZES } from "./deposits.ts";
import type { DisputeOutcome, DisputeStage } from "./dispute.ts";
import type { wireLadderStep } from "./wire.ts";

/** One rung as people see it. */
export type Rung = z.infer<typeof wireLadderStep>;
export type Happened = {
  kind: "rereported" | "convened" | "verdict" | "appealed" | "concluded";
  /** Unix seconds. */
  at: number;
  transaction: Hex;
  jury: Hex | null;
  tier: number | null;
  choice: number | null;
  who: string | null;
  /** Of a verdict: court clock. */
  until: number | null;
};
export type LadderSeen = {
  answeredAt: number | null;
  answeredIn: Hex | null;
  /** Nobody had answered. */
  isSilence: boolean;
  valueLabel: string;
  claimLabel: string;
  disputer: string;
  at: number;
  openedIn: Hex;
  /** "250 USD" or the like. */
  deposit: string;
  isJuryOnly: boolean;
  stage: DisputeStage;
  steps: readonly Happened[];
  /** Those who reported anew said the same as the answer. */
  isStoodBy: boolean;
  /** Court clock. */
  rereportUntil: number;
  appealUntil: number | null;
  /** Of the sitting jury, court clock. */
  jury: { phase: JuryPhase; until: number; isDrawn: boolean } | null;
  outcome: DisputeOutcome | null;
  endedAt: number | null;
  endedIn: Hex | null;
  pauses: readonly Pause[];
};

const SAYS = ["nothing", "the answer stands", "the claim is right", "neither is right"] as const;
const ENDS: Record<DisputeOutcome, string> = {
  uphold: "The answer stands, for good.",
  restore: "The claim said nothing else than the answer, which stands as before.",
  replace: "The answer was replaced.",
  reopen: "It was too early: the question is open again.",
  invalid: "The question ended invalid: everybody is refunded.",
};
const PHASES: Record<JuryPhase, string> = {
  evidence: "Evidence is gathered; nobody may vote yet.",
  commit: "Jurors hand in sealed votes.",
  reveal: "Votes are being opened.",
  over: "The verdict is being written down.",
};

const done = (name: string, at: number | null, transaction: Hex | null, detail: string): Rung => ({
  name,
  state: "done",
  at,
  until: null,
  detail,
  transaction,
});

/** The ladder from the answer to where it stands, and what comes next. */
export function ladderOf(seen: LadderSeen): Rung[] {
  return [
    seen.isSilence
      ? done("Unanswered", null, null, "Nobody had answered, and the deadline was near.")
      : done("Answered", seen.answeredAt, seen.answeredIn, `The answer was ${seen.valueLabel}.`),
    done(
      "Disputed",
      seen.at,
      seen.openedIn,
      `Somebody put down ${seen.deposit} and says ${seen.claimLabel}.`,
    ),
    ...(seen.isJuryOnly ? [] : [rereported(seen)]),
    ...seen.steps.flatMap((step, index) => happened(seen, step, index)),
    ...next(seen),
  ];
}

function rereported(seen: LadderSeen): Rung {
  const found = seen.steps.find(({ kind }) => kind === "rereported");
  if (found) {
    // Others who say the same spare a jury; all together call one, which then comes with their report.
    const isHeard = seen.steps.some(
      ({ kind, transaction }) => kind === "convened" && transaction === found.transaction,
    );
    return done(
      "Reported anew",
      found.at,
      found.transaction,
      isHeard && seen.isStoodBy
        ? "Signers stood by it; a jury hears it."
        : "Providers looked again, and that was decisive.",
    );
  }
  const until = unixAt(seen.pauses, seen.rereportUntil);
  if (seen.stage !== "disputed")
    return done("Reported anew", until, null, "Providers did not settle it among themselves in time.");
  const detail = "Providers may report anew; when that is decisive, no jury is needed.";
  return { name: "Reporting anew", state: "now", at: seen.at, until, detail, transaction: null };
}

const sizeOf = (tier: number | null): number => JURY_SIZES[tier ?? 0] ?? 0;

function happened(seen: LadderSeen, step: Happened, index: number): Rung[] {
  if (step.kind === "appealed")
    return [
      done(
        "Appeal",
        step.at,
        step.transaction,
        `Somebody says that ${SAYS[step.choice ?? 0]}, with twice the deposit.`,
      ),
    ];
  if (step.kind !== "convened") return [];
  const name = `Jury of ${sizeOf(step.tier)}`;
  const verdict = seen.steps.slice(index).find(({ kind, jury }) => kind === "verdict" && jury === step.jury);
  if (verdict)
    return [
      done(
        name,
        verdict.at,
        verdict.transaction,
        verdict.choice === 0
          ? "No choice had 65 % of the seats."
          : `It found that ${SAYS[verdict.choice ?? 0]}.`,
      ),
    ];
  const { jury, pauses } = seen;
  const detail =
    jury === null || jury.isDrawn
      ? PHASES[jury?.phase ?? "over"]
      : "It is drawn by the next round of the beacon.";
  const until = jury === null ? null : unixAt(pauses, jury.until);
  return [{ name, state: "now", at: step.at, until, detail, transaction: step.transaction }];
}

const ahead = (name: string, at: number | null, detail: string): Rung => ({
  name,
  state: "ahead",
  at,
  until: null,
  detail,
  transaction: null,
});

function next(seen: LadderSeen): Rung[] {
  const { stage, pauses, appealUntil, outcome } = seen;
  if (outcome !== null) return [done("Decided", seen.endedAt, seen.endedIn, ENDS[outcome])];
  if (stage === "disputed") {
    const from = seen.isJuryOnly ? null : unixAt(pauses, seen.rereportUntil);
    return [ahead("Jury of 9", from, "Drawn by lot from all jurors; who has a part in it may not sit.")];
  }
  if ((stage === "confirmed" || stage === "ruled") && appealUntil !== null) {
    const until = unixAt(pauses, appealUntil);
    const detail = "Whoever disagrees may put down twice the last deposit for a larger jury.";
    return [
      { name: "Appeal", state: "now", at: null, until, detail, transaction: null },
      ahead("Decided", until, "Without an appeal the verdict holds."),
    ];
  }
  return [ahead("Appeal", null, "After the verdict anybody may appeal.")];
}
