import type { QuestionDetail } from "../../api.ts";
import { Countdown } from "../../components/time.tsx";
import { useMoments } from "../../use-moments.ts";

/** Where a question stands whose values are committed before anybody shows his. */
export function CommitPhase({ question }: { question: QuestionDetail }) {
  const { commit } = question;
  useMoments([commit?.until ?? null], ["question", question.id]);
  if (commit === null) return null;
  const { committing, until, committed, revealed, seats, posted } = commit;
  const isMissed = !committing && !posted;
  return (
    <div className="mb-4 rounded-md border border-rule bg-wash p-4 text-[0.9375rem]">
      <p>
        <b>{committing ? "Committing" : isMissed ? "This phase was missed" : "Revealing"}</b>,{" "}
        {isMissed ? "the next begins in" : "for"}{" "}
        <b>
          <Countdown at={until} past="a moment" />
        </b>
      </p>
      <p className="num mt-1 text-ink-2">
        {committing || isMissed
          ? `${committed} of ${seats} seats committed to a value${posted ? "; the chain holds the hash" : ""}.`
          : `${revealed} of ${committed} who committed showed their values here.`}
      </p>
      <p className="mt-1 text-sm text-ink-3">
        So much depends on the answer that providers commit to their values before anybody shows his.
      </p>
    </div>
  );
}
