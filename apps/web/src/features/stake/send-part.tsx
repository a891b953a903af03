import { Button } from "../../components/button.tsx";
import { StepList } from "../steps/step-list.tsx";
import type { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** The end of a form that stakes: its button, how far it is, and who pays the gas. */
export function SendPart({
  label,
  steps,
  done,
  ownGas,
  onOwnGas,
}: {
  label: string;
  steps: ReturnType<typeof useSteps>;
  /** Said once all of it is on the chain. */
  done: string;
  ownGas: boolean;
  onOwnGas: (own: boolean) => void;
}) {
  const { ready } = useWallet();
  return (
    <>
      <Button
        type="submit"
        look="primary"
        busy={!ready || steps.preparing || steps.running}
        className="w-full"
      >
        {label}
      </Button>
      {steps.done ? (
        <p className="font-semibold text-accent" role="status">
          {done}
        </p>
      ) : (
        <StepList steps={steps} />
      )}
      {steps.error && !ownGas && (
        <p className="text-sm text-ink-2">
          You can also send it yourself: tick the box below and stake again.
        </p>
      )}
      <label className="flex items-start gap-2 text-sm text-ink-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-(--accent)"
          checked={ownGas}
          disabled={steps.running}
          onChange={(event) => onOwnGas(event.target.checked)}
        />
        <span>
          Send it myself and pay the gas. Otherwise you only sign, and the platform sends it for you.
        </span>
      </label>
    </>
  );
}
