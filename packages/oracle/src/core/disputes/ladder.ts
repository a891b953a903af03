import { never } from "@sooth/kernel";
import type { Terms } from "../terms.ts";
import { type Dispute, type DisputeStage, disputedAnswer, isJuryOnly } from "./dispute.ts";
import { decisiveRereport, type Rereport, type RereportFacts } from "./rereport.ts";
import type { JuryVerdict } from "../jury/index.ts";

/** Seconds on the court clock, as the ladder was built with. */
export type LadderWindows = { rereport: number; appeal: number };

export type CaseFacts = {
  terms: Terms;
  dispute: Dispute;
  stage: DisputeStage;
  /** Confirmed and ruled: court clock, first second too late for an appeal. */
  until: number | null;
  /** What the court clock showed when the dispute was opened. */
  openedAt: number;
  windows: LadderWindows;
  /** The oracle takes no signature now. */
  paused: boolean;
  /** A jury has ruled on the question, this dispute's or a later one's, and it is over: only a jury finds fault. */
  isRuled: boolean;
  /** Null when it is not known (yet) who may sign. */
  rereport: Omit<RereportFacts, "terms" | "answer"> | null;
  /** Of the sitting jury; null while its terms are not known. */
  verdict: JuryVerdict | null;
};

/** What to do about a dispute next. `until` is on the court clock, null when something else must happen first. */
export type CaseStep =
  | { do: "rereport"; rereport: Rereport }
  /** `early`: while providers may still stand by the answer; refused then when no jury can be drawn. */
  | { do: "convene"; early: boolean }
  | { do: "take_verdict" }
  | { do: "conclude" }
  | { do: "punish" }
  | { do: "wait"; until: number | null; why: string }
  | { do: "nothing" };

const wait = (why: string, until: number | null = null): CaseStep => ({ do: "wait", until, why });

/**
 * The transaction that a dispute is due at `clock`, of the court. Anybody may send it; sent twice, the second is refused.
 * Mirror of the guards in Juries.sol and Rereports.sol.
 */
export function nextCaseStep(facts: CaseFacts, clock: number): CaseStep {
  const { stage } = facts;
  switch (stage) {
    case "disputed":
      return whileDisputed(facts, clock);
    case "sitting":
      if (facts.verdict === null) return wait("its jury is not known yet");
      return facts.verdict.ended ? { do: "take_verdict" } : wait("the jury sits");
    case "confirmed":
    case "ruled": {
      if (facts.until === null) return wait("its end is not known yet");
      return clock < facts.until ? wait("anybody may appeal", facts.until) : { do: "conclude" };
    }
    case "corrected":
      return facts.isRuled ? { do: "punish" } : wait("no jury has ruled on the correction");
    case "done":
      return { do: "nothing" };
    default:
      return never(stage);
  }
}

function whileDisputed(facts: CaseFacts, clock: number): CaseStep {
  const { dispute, openedAt, windows } = facts;
  const until = openedAt + windows.rereport;
  if (clock >= until) return { do: "convene", early: false };
  const juryOnly = isJuryOnly(dispute);
  const answer = disputedAnswer(dispute);
  const rereport =
    answer && facts.rereport && !facts.paused
      ? decisiveRereport(
          { ...facts.rereport, terms: facts.terms, answer: answer.value },
          { juryOnly, late: juryOnly || 2 * clock >= openedAt + until },
        )
      : null;
  if (rereport) return { do: "rereport", rereport };
  if (juryOnly) return { do: "convene", early: true };
  return wait(facts.paused ? "no report is taken during a pause" : "providers may report anew", until);
}
