import { useQueryClient } from "@tanstack/react-query";
import { api, type Opinion, type OpinionMarket } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** Claims what an opinion came to, prizes too. A keeper does the same after a while; the owner is paid either way. */
export function ClaimOpinion({ market, own }: { market: OpinionMarket; own: Opinion }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const prizes = market.prizes
    .filter(({ winner, paidTo }) => paidTo === null && winner.toLowerCase() === own.owner.toLowerCase())
    .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const total = BigInt(own.due) + prizes;
  if (total === 0n && steps.views.length === 0) return null;
  const claim = () =>
    steps.runPrepared({
      title: "Prepare the claim",
      prepare: async () =>
        callSteps(wallet, (await api.prepareOpinionClaim({ id: market.id, owner: own.owner })).calls),
      onDone: () => {
        announce("Paid out");
        for (const key of ["opinion-market", "wallet-opinions", "balance"])
          void client.invalidateQueries({ queryKey: [key] });
      },
    });
  return (
    <div className="mt-3 grid gap-3">
      {total > 0n && (
        <Button look="primary" busy={steps.preparing || steps.running} onClick={() => void claim()}>
          Claim <Amount value={total} decimals={collateral.decimals} symbol={collateral.symbol} />
        </Button>
      )}
      <StepList steps={steps} />
    </div>
  );
}
