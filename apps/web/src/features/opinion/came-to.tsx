import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import type { Opinion, OpinionMarket } from "../../api.ts";
import { Amount } from "../../components/figures.tsx";
import { Skeleton } from "../../components/states.tsx";
import { useNetwork } from "../../shell/use-network.ts";

/** Only who looks closer needs the arithmetic. */
const PayTable = lazy(async () => ({ default: (await import("./pay-table.tsx")).PayTable }));

/** What an opinion came to, and opened, line by line how. */
export function CameTo({ market, opinion }: { market: OpinionMarket; opinion: Opinion }) {
  const { collateral } = useNetwork();
  const [open, setOpen] = useState(false);
  const got = BigInt(opinion.due) + BigInt(opinion.paid) + BigInt(opinion.won);
  const came = (
    <Amount
      value={got}
      decimals={collateral.decimals}
      symbol={collateral.symbol}
      className={got > BigInt(opinion.amount) ? "font-semibold text-accent" : ""}
    />
  );
  return (
    <details className="text-sm text-ink-2" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="w-fit cursor-pointer py-1">
        {BigInt(opinion.won) > 0n ? (
          <Trans>came to {came}, a prize among it</Trans>
        ) : (
          <Trans>came to {came}</Trans>
        )}
        <span className="ml-2 underline underline-offset-4">{t`line by line`}</span>
      </summary>
      {open && (
        <Suspense fallback={<Skeleton lines={3} />}>
          <PayTable market={market} opinion={opinion} />
        </Suspense>
      )}
    </details>
  );
}
