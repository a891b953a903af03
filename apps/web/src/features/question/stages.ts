import { t } from "@lingui/core/macro";
import type { QuestionDetail } from "../../api.ts";
import { formatDuration } from "../../format/time.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

export type Stage = { name: string; at: number | null; note: string; state: "past" | "now" | "next" | "off" };

/** The five stages of a question, each with its moment: ask, observe, report, answer, final. */
export function stagesOf(question: QuestionDetail, now: number): Stage[] {
  const { status, askedAt, schema, opensAt, deadline, finalizeAt, reports } = question;
  const answered = status === "answered" || status === "disputed" || status === "final";
  const dead = status === "invalid";
  const firstReport = reports.length === 0 ? null : Math.min(...reports.map(({ receivedAt }) => receivedAt));
  const observed = now >= schema.observeAt;
  return [
    { name: t`Asked`, at: askedAt, note: t`with its reward`, state: "past" },
    {
      name: t`Observe`,
      at: schema.observeAt,
      note: observed ? t`the moment it speaks of` : t`in ${formatDuration(schema.observeAt - now)}`,
      state: observed ? "past" : dead ? "off" : "now",
    },
    {
      name: t`Report`,
      at: firstReport ?? opensAt,
      note:
        reports.length > 0
          ? t`${reports.length} signed`
          : answered || dead
            ? t`nobody did in time`
            : now < opensAt
              ? t`in ${formatDuration(opensAt - now)}`
              : t`until ${formatDuration(Math.max(0, deadline - now))} from now`,
      state: answered ? "past" : dead ? (reports.length > 0 ? "past" : "off") : observed ? "now" : "next",
    },
    {
      name: t`Answer`,
      at: answered ? question.answeredAt : null,
      note: dead
        ? t`none by the deadline`
        : status === "disputed"
          ? t`disputed`
          : answered
            ? sayAnswer(question.label ?? "")
            : t`when a quorum has signed`,
      state: answered ? "past" : dead ? "off" : "next",
    },
    {
      name: dead ? t`Invalid` : t`Final`,
      at: dead ? deadline : finalizeAt,
      note: dead
        ? t`everybody is refunded`
        : status === "final"
          ? t`stands for ever`
          : status === "disputed"
            ? t`not before the dispute is decided`
            : finalizeAt === null
              ? t`${formatDuration(question.liveness)} after the answer`
              : t`in ${formatDuration(finalizeAt - now)}`,
      state: status === "final" || dead ? "past" : answered ? "now" : "next",
    },
  ];
}
