import { useCallback, useState } from "react";
import { announce } from "../../components/announcer.tsx";
import type { SendState } from "../wallet/wallet-context.tsx";

export type StepState = "waiting" | "working" | SendState | "failed";
/** One thing that happens in the wallet or on the chain. Its `run` reports where it stands. */
export type Step = { title: string; run: (onState: (state: StepState) => void) => Promise<void> };
export type StepView = { title: string; state: StepState };

export type Steps = {
  views: readonly StepView[];
  running: boolean;
  done: boolean;
  error: Error | undefined;
  /** Runs one after the other and stops at the first that fails. True when all are done. */
  run: (steps: readonly Step[]) => Promise<boolean>;
  /** Goes on with the step that failed. */
  retry: () => Promise<boolean>;
  reset: () => void;
};

/** Runs wallet actions in order and tells where each of them stands. */
export function useSteps(): Steps {
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [states, setStates] = useState<readonly StepState[]>([]);
  const [error, setError] = useState<Error>();

  const runFrom = useCallback(async (all: readonly Step[], first: number): Promise<boolean> => {
    setSteps(all);
    setError(undefined);
    setStates(all.map((_, index) => (index < first ? "done" : "waiting")));
    for (const [index, step] of all.entries()) {
      if (index < first) continue;
      const set = (state: StepState) =>
        setStates((old) => old.map((was, at) => (at === index ? state : was)));
      set("working");
      announce(step.title);
      try {
        await step.run(set);
      } catch (cause) {
        set("failed");
        // Shown as an alert, which is spoken by itself.
        setError(cause instanceof Error ? cause : new Error(String(cause)));
        return false;
      }
      set("done");
    }
    return true;
  }, []);

  const views = steps.map(({ title }, index) => ({ title, state: states[index] ?? "waiting" }));
  return {
    views,
    running: error === undefined && views.some(({ state }) => state !== "done"),
    done: views.length > 0 && views.every(({ state }) => state === "done"),
    error,
    run: useCallback((all) => runFrom(all, 0), [runFrom]),
    retry: useCallback(() => runFrom(steps, Math.max(0, states.indexOf("failed"))), [runFrom, steps, states]),
    reset: useCallback(() => {
      setSteps([]);
      setStates([]);
      setError(undefined);
    }, []),
  };
}
