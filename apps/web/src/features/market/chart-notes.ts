import { t } from "@lingui/core/macro";
import type { Dispute, Market, QuestionDetail } from "../../api.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

/** What happened to a market at one moment, for its chart. */
export type Note = { at: number; text: string };

/**
 * What happened by `now`, the first first: opened, stakes ended, and what became of its question. `detail` and `disputes` are
 * missing while nobody has answered.
 */
export function notesOf(
  { openedAt, terms, question }: Pick<Market, "openedAt" | "terms" | "question">,
  detail: Pick<QuestionDetail, "answeredAt" | "label" | "veto" | "clarifications"> | undefined,
  disputes: readonly Pick<Dispute, "openedAt">[],
  now: number,
): Note[] {
  const { status, deadline, finalizeAt } = question;
  const notes: (Note | false)[] = [
    { at: openedAt, text: t`Opened` },
    { at: terms.closesAt, text: t`Stakes ended` },
    ...(detail?.clarifications ?? []).map((one) => ({ at: one.at, text: t`Clarified by its asker` })),
    detail?.answeredAt != null && {
      at: detail.answeredAt,
      text: t`Answered: ${detail.label === null ? t`hidden` : sayAnswer(detail.label)}`,
    },
    detail?.veto != null && { at: detail.veto.at, text: t`Put off by its watcher` },
    ...disputes.map((one) => ({ at: one.openedAt, text: t`Disputed` })),
    status === "final" && finalizeAt !== null && { at: finalizeAt, text: t`Final` },
    status === "invalid" && { at: deadline, text: t`Invalid: stakes go back` },
  ];
  return notes
    .filter((note) => note !== false)
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at);
}
