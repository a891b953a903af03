import { t } from "@lingui/core/macro";
import type { LadderStep } from "../../api.ts";
import { CheckIcon } from "../../components/icons.tsx";
import { Hash } from "../../components/hash.tsx";
import { useNow } from "../../clock.ts";
import { formatAbsolute, formatDuration, isoOf } from "../../format/time.ts";

/** A dispute's way, step by step: what happened, what is due now and until when, what may follow. */
export function Ladder({ steps, pausedUntil }: { steps: readonly LadderStep[]; pausedUntil: number | null }) {
  const now = useNow();
  const paused = pausedUntil !== null && now < pausedUntil;
  return (
    <ol className="grid" aria-label={t`Steps of the dispute`}>
      {steps.map(({ name, state, at, until, detail, transaction }, index) => (
        <li
          key={`${name}:${at ?? ""}:${detail}`}
          aria-current={state === "now" ? "step" : undefined}
          className="relative flex gap-3 pb-4 last:pb-0"
        >
          {index < steps.length - 1 && (
            <span
              aria-hidden="true"
              className={`absolute top-7 bottom-0 left-[0.8125rem] w-px ${state === "done" ? "bg-accent" : "bg-rule-2"}`}
            />
          )}
          <span
            aria-hidden="true"
            className={`relative grid size-[1.625rem] shrink-0 place-items-center rounded-full text-sm ${
              state === "done"
                ? "bg-accent text-on-accent"
                : state === "now"
                  ? "border-2 border-gold bg-gold-wash"
                  : "border border-rule-2 bg-paper"
            }`}
          >
            {state === "done" && <CheckIcon />}
            {state === "now" && <span className="size-2 rounded-full bg-gold" />}
          </span>
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className={`font-semibold ${state === "ahead" ? "text-ink-3" : ""}`}>
                {name}
                <span className="sr-only">
                  , {state === "done" ? t`done` : state === "now" ? t`under way` : t`may follow`}
                </span>
              </span>
              {at !== null && (
                <time dateTime={isoOf(at)} className="num text-sm text-ink-3" title={formatAbsolute(at)}>
                  {state === "ahead" ? t`${formatAbsolute(at)} at the earliest` : formatAbsolute(at)}
                </time>
              )}
            </p>
            {detail !== "" && <p className="text-[0.9375rem] text-ink-2">{detail}</p>}
            {state === "now" && until !== null && (
              <p className="num text-[0.9375rem] font-semibold text-gold">
                {paused
                  ? t`The clock stands still while the oracle is paused, until ${formatAbsolute(pausedUntil)}`
                  : now < until
                    ? t`${formatDuration(until - now)} left`
                    : t`Time is over: anyone may take the next step`}
              </p>
            )}
            {transaction !== null && (
              <p className="text-sm text-ink-3">
                <Hash value={transaction} what={t`transaction`} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
