import { t } from "@lingui/core/macro";
import { useNow } from "../../clock.ts";
import type { QuestionDetail } from "../../api.ts";
import { CheckIcon } from "../../components/icons.tsx";
import { formatAbsolute, isoOf } from "../../format/time.ts";
import { stagesOf } from "./stages.ts";

export function Timeline({ question }: { question: QuestionDetail }) {
  const stages = stagesOf(question, useNow());
  return (
    <ol className="grid gap-0 sm:grid-cols-5" aria-label={t`Where this question stands`}>
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
