import { useNow } from "../../clock.ts";
import type { QuestionDetail } from "../../api.ts";
import { CheckIcon } from "../../components/icons.tsx";
import { formatAbsolute, formatDuration, isoOf } from "../../format/time.ts";

type Stage = { name: string; at: number | null; note: string; state: "past" | "now" | "next" | "off" };

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
          : now < opensAt
            ? `in ${formatDuration(opensAt - now)}`
            : `until ${formatDuration(Math.max(0, deadline - now))} from now`,
      state: answered ? "past" : dead ? (reports.length > 0 ? "past" : "off") : observed ? "now" : "next",
    },
    {
      name: "Answer",
      at: answered && finalizeAt !== null ? finalizeAt - question.liveness : null,
      note: dead ? "none by the deadline" : answered ? (question.label ?? "") : "when a quorum has signed",
      state: answered ? "past" : dead ? "off" : "next",
    },
    {
      name: dead ? "Invalid" : "Final",
      at: dead ? deadline : finalizeAt,
      note: dead
        ? "everybody is refunded"
        : status === "final"
          ? "stands for ever"
          : finalizeAt === null
            ? `${formatDuration(question.liveness)} after the answer`
            : `in ${formatDuration(finalizeAt - now)}`,
      state: status === "final" || dead ? "past" : answered ? "now" : "next",
    },
  ];
}

export function Timeline({ question }: { question: QuestionDetail }) {
  const stages = stagesOf(question, useNow());
  return (
    <ol className="grid gap-0 sm:grid-cols-5" aria-label="Where this question stands">
      {stages.map(({ name, at, note, state }, index) => (
        <li
          key={name}
          aria-current={state === "now" ? "step" : undefined}
          className="relative flex gap-3 pb-5 sm:block sm:pr-4 sm:pb-0"
        >
          {index < stages.length - 1 && (
            <span
              aria-hidden="true"
              className={`absolute top-7 bottom-0 left-[0.8125rem] w-px sm:top-[0.8125rem] sm:right-0 sm:bottom-auto sm:left-8 sm:h-px sm:w-auto ${state === "past" ? "bg-accent" : "bg-rule-2"}`}
            />
          )}
          <span
            aria-hidden="true"
            className={`relative grid size-[1.625rem] shrink-0 place-items-center rounded-full text-sm ${
              state === "past"
                ? "bg-accent text-on-accent"
                : state === "now"
                  ? "border-2 border-gold bg-gold-wash"
                  : "border border-rule-2 bg-paper"
            }`}
          >
            {state === "past" && <CheckIcon />}
            {state === "now" && <span className="size-2 rounded-full bg-gold" />}
          </span>
          <span className="min-w-0 sm:mt-2 sm:block">
            <span
              className={`block font-semibold ${state === "next" || state === "off" ? "text-ink-3" : ""}`}
            >
              {name}
            </span>
            <span className="num block text-sm text-ink-2">{note}</span>
            {at !== null && (
              <time dateTime={isoOf(at)} className="num block text-xs text-ink-3">
                {formatAbsolute(at)}
              </time>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
