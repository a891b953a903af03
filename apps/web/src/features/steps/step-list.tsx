import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Button } from "../../components/button.tsx";
import { CheckIcon, CrossIcon } from "../../components/icons.tsx";
import { Failure } from "../../components/states.tsx";
import type { Steps, StepState } from "./use-steps.ts";

const WORDS: Record<StepState, MessageDescriptor> = {
  waiting: msg`waiting`,
  working: msg`working…`,
  checking: msg`trying it out first…`,
  signing: msg`sign in your wallet…`,
  mining: msg`waiting for the block…`,
  done: msg`done`,
  failed: msg`failed`,
};

/** Every action the wallet is asked for, in order, each with where it stands. */
export function StepList({ steps }: { steps: Steps }) {
  if (steps.views.length === 0) return null;
  return (
    <div className="grid gap-3">
      <ol className="grid gap-2" aria-label={t`Progress`}>
        {steps.views.map(({ title, state }, index) => (
          <li key={title} className="flex items-start gap-3 text-[0.9375rem]">
            <Bead state={state} number={index + 1} />
            <span className="min-w-0 pt-0.5">
              <span className={state === "waiting" ? "text-ink-3" : "font-semibold"}>{title}</span>{" "}
              <span className={`text-sm ${state === "failed" ? "text-bad" : "text-ink-3"}`}>
                {i18n._(WORDS[state])}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {steps.error && <Failure error={steps.error} />}
      {steps.error && (
        <div className="flex gap-2">
          <Button size="small" look="primary" onClick={() => void steps.retry()}>
            {t`Try this step again`}
          </Button>
          <Button size="small" onClick={steps.reset}>
            {t`Leave it`}
          </Button>
        </div>
      )}
    </div>
  );
}

function Bead({ state, number }: { state: StepState; number: number }) {
  const look =
    state === "done"
      ? "bg-accent text-on-accent"
      : state === "failed"
        ? "bg-bad-wash text-bad"
        : state === "waiting"
          ? "border border-rule-2 text-ink-3"
          : "animate-pulse bg-gold-wash text-gold";
  return (
    <span
      className={`num grid size-6 shrink-0 place-items-center rounded-full text-xs font-bold ${look}`}
      aria-hidden="true"
    >
      {state === "done" ? <CheckIcon /> : state === "failed" ? <CrossIcon /> : number}
    </span>
  );
}
