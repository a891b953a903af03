import type { ReactNode } from "react";
import { Amount } from "../../components/figures.tsx";
import { Countdown } from "../../components/time.tsx";
import { formatPercent } from "../../format/amount.ts";
import { formatAbsolute } from "../../format/time.ts";
import { useNetwork } from "../../shell/use-network.ts";

/** What a deposit costs and what can come of it, before anything is signed. */
export function DepositFacts({
  deposit,
  whenRight,
  whenWrong,
  bounty,
  breakEven,
  closesAt,
  children,
}: {
  deposit: string;
  whenRight: string;
  whenWrong: string;
  bounty?: string;
  /** Basis points; null when being right costs too. */
  breakEven?: number | null;
  closesAt: number;
  /** What history says of the odds. */
  children?: ReactNode;
}) {
  const { collateral } = useNetwork();
  const money = (value: string) => (
    <Amount value={value} decimals={collateral.decimals} symbol={collateral.symbol} />
  );
  return (
    <div className="border-y border-rule py-3">
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5 text-[0.9375rem]">
        <dt>Your deposit</dt>
        <dd className="text-right text-lg leading-6 font-bold">{money(deposit)}</dd>
        <dt className="text-ink-2">Comes back when you are right, at least</dt>
        <dd className="text-right font-semibold text-accent">{money(whenRight)}</dd>
        {bounty !== undefined && bounty !== "0" && (
          <>
            <dt className="text-ink-2">Besides, of the stake that is slashed, at least</dt>
            <dd className="text-right text-accent">{money(bounty)}</dd>
          </>
        )}
        <dt className="text-ink-2">Comes back when you are wrong</dt>
        <dd className="text-right font-semibold text-bad">{money(whenWrong)}</dd>
        <dt className="text-ink-2">Taken until</dt>
        <dd className="num text-right" title={formatAbsolute(closesAt)}>
          <Countdown at={closesAt} past="over" className="font-semibold" /> left
        </dd>
      </dl>
      {breakEven !== undefined && (
        <p className="mt-2 text-sm text-ink-2">
          {breakEven === null
            ? "Even being right costs more than it brings here."
            : `Who is right in more than ${formatPercent(breakEven)} of such cases gains on average.`}
        </p>
      )}
      {children && <p className="mt-2 text-sm text-ink-2">{children}</p>}
    </div>
  );
}
