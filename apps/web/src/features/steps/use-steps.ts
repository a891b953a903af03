import { useCallback, useRef, useState } from "react";
import { announce } from "../../components/announcer.tsx";
import type { SendState } from "../wallet/wallet-context.tsx";

export type StepState = "waiting" | "working" | SendState | "failed";
/** One thing that happens in the wallet or on the chain. Its `run` reports where it stands. */
export type Step = { title: string; run: (onState: (state: StepState) => void) => Promise<void> };
export type StepView = { title: string; state: StepState };

/** `onDone` is told once all are done, also when one had to be tried again. */
export type Prepared = { title: string; prepare: () => Promise<readonly Step[]>; onDone?: () => void };

export type Steps = {
  views: readonly StepView[];
  /** What is to be done is being worked out. */
  preparing: boolean;
  running: boolean;
  done: boolean;
  error: Error | undefined;
  /** Runs one after the other and stops at the first that fails. True when all are done. */
  run: (steps: readonly Step[]) => Promise<boolean>;
  /** Works out what is to be done, then runs it. Where that fails it stands in the list like any other step. */
  runPrepared: (prepared: Prepared) => Promise<boolean>;
  /** Goes on with the step that failed. */
  retry: () => Promise<boolean>;
  reset: () => void;
};

/** What failed last. */
type Again =
  | { prepared: Prepared }
  | { all: readonly Step[]; first: number; onDone: (() => void) | undefined }
  | undefined;

/** Runs wallet actions in order and tells where each of them stands. */
export function useSteps(): Steps {
  const [steps, setSteps] = useState<readonly Pick<Step, "title">[]>([]);
  const [states, setStates] = useState<readonly StepState[]>([]);
  const [error, setError] = useState<Error>();
  const [preparing, setPreparing] = useState(false);
  const again = useRef<Again>(undefined);

  const runFrom = useCallback(
    async (all: readonly Step[], first: number, onDone?: () => void): Promise<boolean> => {
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
          setError(asError(cause));
          again.current = { all, first: index, onDone };
          return false;
        }
        set("done");
      }
      onDone?.();
      return true;
    },
    [],
  );
  const runPrepared = useCallback(
    async (prepared: Prepared): Promise<boolean> => {
      setPreparing(true);
      setError(undefined);
      setSteps([]);
      setStates([]);
      let made: readonly Step[];
      try {
        made = await prepared.prepare();
      } catch (cause) {
        setSteps([{ title: prepared.title }]);
        setStates(["failed"]);
        setError(asError(cause));
        again.current = { prepared };
        return false;
      } finally {
        setPreparing(false);
      }
      return runFrom(made, 0, prepared.onDone);
    },
    [runFrom],
  );

  const views = steps.map(({ title }, index) => ({ title, state: states[index] ?? "waiting" }));
  return {
    views,
    preparing,
    running: error === undefined && views.some(({ state }) => state !== "done"),
    done: views.length > 0 && views.every(({ state }) => state === "done"),
    error,
    run: useCallback((all) => runFrom(all, 0), [runFrom]),
    runPrepared,
    retry: useCallback(async () => {
      const failed = again.current;
      if (!failed) return false;
      return "prepared" in failed
        ? runPrepared(failed.prepared)
        : runFrom(failed.all, failed.first, failed.onDone);
    }, [runFrom, runPrepared]),
    reset: useCallback(() => {
      setSteps([]);
      setStates([]);
      setError(undefined);
    }, []),
  };
}

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));
