import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { type Claimable, claimCalls, marketsToClaim, sumToClaim } from "./claim-calls.ts";

/**
 * One button for everything that can be claimed, of pools and of opinion markets: one wallet action a call, or one for ten where the
 * wallet can. Where it stops half way, what was claimed is paid, and the rest is there to be claimed.
 */
export function ClaimButton({ owner, claimable }: { owner: string; claimable: Claimable }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const total = sumToClaim(claimable);
  if (total === 0n && steps.views.length === 0) return null;

  const claim = async () => {
    await steps.runPrepared({
      title: t`Prepare the claims`,
      prepare: async () => callSteps(wallet, await claimCalls(api, owner, claimable)),
      onDone: () => announce(t`Paid out`),
    });
    for (const key of ["portfolio", "balance", "market", "activity", "opinion-market", "wallet-opinions"])
      void client.invalidateQueries({ queryKey: [key] });
  };
  const amount = <Amount value={total} decimals={collateral.decimals} symbol={collateral.symbol} />;
  return (
    <div className="grid gap-3">
      {total > 0n && (
        <Button look="primary" busy={steps.preparing || steps.running} onClick={() => void claim()}>
          {marketsToClaim(claimable) > 1 ? <Trans>Claim all, {amount}</Trans> : <Trans>Claim {amount}</Trans>}
        </Button>
      )}
      <StepList steps={steps} />
    </div>
  );
}
