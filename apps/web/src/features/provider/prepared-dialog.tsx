import { t } from "@lingui/core/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { PreparedProvider, ProviderRules } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure, Skeleton } from "../../components/states.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { Costs } from "./costs.tsx";

/** Asks the server what a step takes, says so, and only then lets the wallet sign it. */
export function PreparedDialog({
  title,
  press,
  done,
  rules,
  prepare,
  onClose,
  children,
}: {
  title: string;
  /** On the button that signs. */
  press: string;
  /** What is true afterwards. */
  done: string;
  /** Needed where stake leaves the wallet: how long it is bound. */
  rules?: ProviderRules;
  /** Undefined while the fields above are not filled in. */
  prepare: { key: readonly string[]; run: () => Promise<PreparedProvider> } | undefined;
  onClose: () => void;
  children?: ReactNode;
}) {
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  // Read anew whenever the dialog opens or its fields change: what it says rests on this very block.
  const asked = useQuery({
    queryKey: ["prepared", title, ...(prepare?.key ?? [])],
    queryFn: () => prepare?.run() ?? Promise.reject(new Error("nothing was asked")),
    enabled: prepare !== undefined && steps.views.length === 0,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const prepared = prepare ? asked.data : undefined;
  const error = prepare ? asked.error : null;
  const sign = async () => {
    if (!prepared) return;
    await steps.run(callSteps(wallet, prepared.calls));
    for (const key of ["providers", "portfolio", "balance"])
      void client.invalidateQueries({ queryKey: [key] });
  };
  return (
    <Dialog open title={title} onClose={onClose}>
      <div className="grid gap-4">
        {!steps.done && children}
        {error && <Failure error={error} />}
        {prepare && !prepared && !error && <Skeleton lines={3} />}
        {prepared && !steps.done && <Costs prepared={prepared} rules={rules} />}
        {steps.done ? (
          <p className="font-semibold text-accent" role="status">
            {done}
          </p>
        ) : (
          <StepList steps={steps} />
        )}
        {steps.done ? (
          <Button onClick={onClose}>{t`Close`}</Button>
        ) : (
          !steps.error && (
            <Button
              look="primary"
              disabled={!prepared || prepared.calls.length === 0}
              busy={steps.running}
              onClick={() => void sign()}
            >
              {press}
            </Button>
          )
        )}
      </div>
    </Dialog>
  );
}
