import { t } from "@lingui/core/macro";
import type { Dispute, OpinionMarket, QuestionDetail } from "../../api.ts";
import type { Note } from "../market/chart-notes.ts";

/**
 * What happened to an opinion market by `now`, the first first: closed, scored, disputed, drawn. `detail` and `disputes` are missing
 * while nobody has reported a score.
 */
export function historyNotes(
  {
    terms,
    revealsUntil,
    question,
    result,
  }: Pick<OpinionMarket, "terms" | "revealsUntil" | "question" | "result">,
  detail: Pick<QuestionDetail, "answeredAt" | "veto"> | undefined,
  disputes: readonly Pick<Dispute, "openedAt">[],
  now: number,
): Note[] {
  const notes: (Note | false)[] = [
    { at: terms.closesAt, text: t`Closed` },
    revealsUntil > terms.closesAt && { at: revealsUntil, text: t`Time to tell stances ended` },
    detail?.answeredAt != null && { at: detail.answeredAt, text: t`A score was reported` },
    detail?.veto != null && { at: detail.veto.at, text: t`Put off by its watcher` },
    ...disputes.map((one) => ({ at: one.openedAt, text: t`Disputed` })),
    question.status === "invalid" && { at: question.deadline, text: t`Invalid: stakes go back` },
    result !== null && { at: result.at, text: t`Scored: ${result.score}` },
    result !== null && result.drawnAt !== null && { at: result.drawnAt, text: t`Drawn` },
  ];
  return notes
    .filter((note) => note !== false)
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at);
}
