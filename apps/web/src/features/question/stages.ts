import type { QuestionDetail } from "../../api.ts";
import { formatDuration } from "../../format/time.ts";

export type Stage = { name: string; at: number | null; note: string; state: "past" | "now" | "next" | "off" };

/** The five stages of a question, each with its moment: ask, observe, report, answer, final. */
export function stagesOf(question: QuestionDetail, now: number): Stage[] {
  const { status, askedAt, schema, opensAt, deadline, finalizeAt, reports } = question;
  const answered = status === "answered" || status === "disputed" || status === "final";
  const dead = status === "invalid";
  const firstReport = reports.length === 0 ? null : Math.min(...reports.map(({ receivedAt }) => receivedAt));
  const observed = now >= schema.observeAt;
  return [
    { name: "Asked", at: askedAt, note: "with its reward", state: "past" },
    {
      name: "Observe",
      at: schema.observeAt,
      note: observed ? "the moment it speaks of" : `in ${formatDuration(schema.observeAt - now)}`,
      state: observed ? "past" : dead ? "off" : "now",
    },
    {
      name: "Report",
      at: firstReport ?? opensAt,
      note:
        reports.length > 0
          ? `${reports.length} signed`
          : answered || dead
            ? "nobody did in time"
            : now < opensAt
              ? `in ${formatDuration(opensAt - now)}`
              : `until ${formatDuration(Math.max(0, deadline - now))} from now`,
      state: answered ? "past" : dead ? (reports.length > 0 ? "past" : "off") : observed ? "now" : "next",
    },
    {
      name: "Answer",
      at: answered ? question.answeredAt : null,
      note: dead
        ? "none by the deadline"
        : status === "disputed"
          ? "disputed"
          : answered
            ? (question.label ?? "")
            : "when a quorum has signed",
      state: answered ? "past" : dead ? "off" : "next",
    },
    {
      name: dead ? "Invalid" : "Final",
      at: dead ? deadline : finalizeAt,
      note: dead
        ? "everybody is refunded"
        : status === "final"
          ? "stands for ever"
          : status === "disputed"
            ? "not before the dispute is decided"
            : finalizeAt === null
              ? `${formatDuration(question.liveness)} after the answer`
              : `in ${formatDuration(finalizeAt - now)}`,
      state: status === "final" || dead ? "past" : answered ? "now" : "next",
    },
  ];
}
