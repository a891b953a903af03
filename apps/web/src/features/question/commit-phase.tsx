import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  const left = <Countdown at={until} past={t`a moment`} />;
  return (
    <div className="mb-4 rounded-md border border-rule bg-wash p-4 text-[0.9375rem]">
      <p>
        {isMissed ? (
          <Trans>
            <b>This phase was missed</b>, the next begins in <b>{left}</b>
          </Trans>
        ) : committing ? (
          <Trans>
            <b>Committing</b>, for <b>{left}</b>
          </Trans>
        ) : (
          <Trans>
            <b>Revealing</b>, for <b>{left}</b>
          </Trans>
        )}
      </p>
      <p className="num mt-1 text-ink-2">
        {committing || isMissed
          ? posted
            ? t`${committed} of ${seats} seats committed to a value; the chain holds the hash.`
            : t`${committed} of ${seats} seats committed to a value.`
          : t`${revealed} of ${committed} who committed showed their values here.`}
      </p>
      <p className="mt-1 text-sm text-ink-3">
        <Trans>
          So much depends on the answer that providers commit to their values before anybody shows his.
        </Trans>
      </p>
    </div>
  );
}
