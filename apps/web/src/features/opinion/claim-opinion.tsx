import { Trans } from "@lingui/react/macro";
import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Opinion, type OpinionMarket } from "../../api.ts";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";

/** Claims what an opinion came to, prizes too: anybody may, and some deployments' keepers do after a while; the owner is paid whoever sends it. */
export function ClaimOpinion({ market, opinion }: { market: OpinionMarket; opinion: Opinion }) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const names = useWalletNames();
  const { owner } = opinion;
  const isOwn = wallet.account !== undefined && sameAddress(wallet.account.address, owner);
  const prizes = market.prizes
    .filter(({ winner, paidTo }) => paidTo === null && sameAddress(winner, owner))
    .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const total = BigInt(opinion.due) + prizes;
  if (total === 0n && steps.views.length === 0) return null;
  const claim = () =>
    steps.runPrepared({
      title: t`Prepare the claim`,
      prepare: async () => callSteps(wallet, (await api.prepareOpinionClaim({ id: market.id, owner })).calls),
      onDone: () => {
        announce(t`Paid out`);
        for (const key of ["opinion-market", "wallet-opinions", "balance"])
          void client.invalidateQueries({ queryKey: [key] });
      },
    });
  return (
    <div className="mt-3 grid justify-items-start gap-3">
      {total > 0n && (
        <Button
          look={isOwn ? "primary" : "quiet"}
          size={isOwn ? "normal" : "small"}
          busy={steps.preparing || steps.running}
          onClick={() => void claim()}
        >
          {isOwn ? (
            <Trans>
              Claim <Amount value={total} decimals={collateral.decimals} symbol={collateral.symbol} />
            </Trans>
          ) : (
            <Trans>
              Pay <Amount value={total} decimals={collateral.decimals} symbol={collateral.symbol} /> to{" "}
              {names(owner) ?? shortHex(owner)}
            </Trans>
          )}
        </Button>
      )}
      <StepList steps={steps} />
    </div>
  );
}
