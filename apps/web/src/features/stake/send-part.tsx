import { t } from "@lingui/core/macro";
import { Button } from "../../components/button.tsx";
import { useNetwork } from "../../shell/use-network.ts";
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
  const { ready, account } = useWallet();
  const { hub } = useNetwork();
  const inOne = account?.atomicOn.includes(hub.chainId) ?? false;
  const sponsored = account?.sponsoredOn.includes(hub.chainId) ?? false;
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
      {steps.error && !ownGas && !sponsored && (
        <p className="text-sm text-ink-2">
          {t`You can also send it yourself: tick the box below and stake again.`}
        </p>
      )}
      {sponsored ? (
        <p className="text-sm text-ink-2">{t`Your wallet asks once, and the gas is paid for you.`}</p>
      ) : (
        <label className="flex items-start gap-2 text-sm text-ink-2">
          <input
            type="checkbox"
            className="mt-0.5 size-4 accent-(--accent)"
            checked={ownGas}
            disabled={steps.running}
            onChange={(event) => onOwnGas(event.target.checked)}
          />
          <span>
            {inOne
              ? t`Send it myself and pay the gas, confirmed once for all of it. Otherwise you only sign, and the platform sends it for you.`
              : t`Send it myself and pay the gas. Otherwise you only sign, and the platform sends it for you.`}
          </span>
        </label>
      )}
    </>
  );
}
