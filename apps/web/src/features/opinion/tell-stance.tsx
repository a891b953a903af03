import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { isHidden } from "@sooth/markets/core";
import { useQueryClient } from "@tanstack/react-query";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { Countdown } from "../../components/time.tsx";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { keptStances, tellSteps } from "./opinion-steps.ts";

/**
 * Tells a stance that was hidden, from what this browser kept. The beacon and whoever looks after the market do it by themselves;
 * should they not, who is not told in time loses his stake.
 */
export function TellStance({ market, own }: { market: OpinionMarket; own: Opinion }) {
  const now = useNow();
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const { terms, revealsUntil } = market;
  const isDue = isHidden(terms) && own.band === null && now >= terms.closesAt && now < revealsUntil;
  if (!isDue && steps.views.length === 0) return null;
  if (keptStances(market.id, own.owner).length === 0)
    return (
      <p className="mt-3 text-sm text-ink-2">
        <Trans>
          Your stance is told when the beacon’s round is out. This browser has not kept what tells it sooner.
        </Trans>
      </p>
    );
  const tell = () =>
    steps.runPrepared({
      title: t`Look up your stance`,
      prepare: () => tellSteps(wallet, market.id, own.owner),
      onDone: () => void client.invalidateQueries({ queryKey: ["opinion-market"] }),
    });
  return (
    <div className="mt-3 grid gap-3">
      <p className="text-sm text-ink-2">
        <Trans>
          Your stance is told by itself when the beacon’s round is out. You can tell it yourself, with gas of
          your own, for another <Countdown at={revealsUntil} past="moment" />; one that nobody told by then is
          lost.
        </Trans>
      </p>
      {isDue && (
        <Button busy={steps.preparing || steps.running} onClick={() => void tell()}>
          {t`Tell it now`}
        </Button>
      )}
      <StepList steps={steps} />
    </div>
  );
}
