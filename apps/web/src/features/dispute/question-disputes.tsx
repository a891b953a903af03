import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type QuestionDetail } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import { Failure } from "../../components/states.tsx";
import { formatDuration } from "../../format/time.ts";
import { questionDisputesQuery, securityQuery } from "../../queries.ts";
import { useMoments } from "../../use-moments.ts";
import { DisputeCard } from "./dispute-card.tsx";
import { DisputeDialog } from "./dispute-dialog.tsx";
import { isSilenceDisputable } from "./words.ts";

/** The disputes of a question, latest first, and the way to open one. */
export function QuestionDisputes({ question }: { question: QuestionDetail }) {
  const told = useQuery(questionDisputesQuery(question.id));
  const disputes = told.data;
  const pausedUntil = useQuery({ ...securityQuery, retry: false }).data?.pausedUntil ?? null;
  useMoments(
    (disputes ?? []).flatMap(({ until, ladder }) => [until, ...ladder.map((step) => step.until)]),
    ["disputes"],
  );
  if (told.error)
    return (
      <Section title={t`Disputes`}>
        <Failure error={told.error} retry={() => void told.refetch()} />
      </Section>
    );
  if (disputes === undefined || disputes.length === 0) return null;
  return (
    <Section title={t`Disputes`} aside={`${disputes.length}`}>
      <div className="grid gap-4">
        {disputes
          .toSorted((a, b) => b.openedAt - a.openedAt)
          .map((dispute) => (
            <DisputeCard key={dispute.id} dispute={dispute} pausedUntil={pausedUntil} />
          ))}
      </div>
    </Section>
  );
}

/** Shown beside an answer that is not final yet. */
export function DisputeOffer({ question }: { question: QuestionDetail }) {
  const now = useNow();
  const [open, setOpen] = useState(false);
  const { status, finalizeAt } = question;
  const offered = status === "answered" && finalizeAt !== null && now < finalizeAt;
  const silent = isSilenceDisputable(question, now);
  // The dialog outlives the offer: once the dispute is on the chain, the answer is no longer open to one.
  if (!offered && !silent && !open) return null;
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      {offered && (
        <>
          <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>{t`Dispute this answer`}</Button>
          <p className="text-sm text-ink-2">
            <Trans>
              Anyone may, for {formatDuration(finalizeAt - now)} more, with a deposit that comes back when
              right.
            </Trans>
          </p>
        </>
      )}
      {silent && (
        <>
          <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>{t`Claim an answer`}</Button>
          <p className="text-sm text-ink-2">
            <Trans>
              Nobody has answered, and in {formatDuration(question.deadline - now)} the question is invalid.
              Anyone may say the answer until then, with a deposit; providers or a jury decide.
            </Trans>
          </p>
        </>
      )}
      {open && <DisputeDialog question={question} onClose={() => setOpen(false)} />}
    </div>
  );
}
