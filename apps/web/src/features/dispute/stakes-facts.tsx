import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
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
  whenUndecided,
  earlier = "0",
  bounty = "0",
  breakEven,
  closesAt,
  children,
}: {
  deposit: string;
  whenRight: string;
  whenWrong: string;
  /** Comes back when juries find no verdict. */
  whenUndecided: string;
  /** What you put down before and would get back. */
  earlier?: string;
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
  const gain = BigInt(whenRight) + BigInt(earlier) + BigInt(bounty) - BigInt(deposit);
  const signed = (value: bigint) => (
    <>
      {value > 0n && "+"}
      {money(String(value))}
    </>
  );
  return (
    <div className="border-y border-rule py-3">
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5 text-[0.9375rem]">
        <dt>{t`Your deposit`}</dt>
        <dd className="text-right text-lg leading-6 font-bold">{money(deposit)}</dd>
        <dt className="mt-1 font-semibold">{t`If you are right`}</dt>
        <dd className={`mt-1 text-right font-semibold ${gain < 0n ? "text-bad" : "text-accent"}`}>
          {signed(gain)}
        </dd>
        <dt className="pl-3 text-sm text-ink-2">{t`of this deposit and the other side’s, at least`}</dt>
        <dd className="text-right text-sm text-ink-2">{money(whenRight)}</dd>
        {earlier !== "0" && (
          <>
            <dt className="pl-3 text-sm text-ink-2">{t`of what you put down before, at least`}</dt>
            <dd className="text-right text-sm text-ink-2">{money(earlier)}</dd>
          </>
        )}
        {bounty !== "0" && (
          <>
            <dt className="pl-3 text-sm text-ink-2">{t`of the stake that is slashed, at least`}</dt>
            <dd className="text-right text-sm text-ink-2">{money(bounty)}</dd>
          </>
        )}
        <dt className="mt-1 font-semibold">{t`If you are wrong`}</dt>
        <dd className="mt-1 text-right font-semibold text-bad">
          {signed(BigInt(whenWrong) - BigInt(deposit))}
        </dd>
        <dt className="mt-1 font-semibold">{t`If no jury finds a verdict`}</dt>
        <dd className="mt-1 text-right font-semibold">{signed(BigInt(whenUndecided) - BigInt(deposit))}</dd>
        <dt className="mt-1 text-ink-2">{t`Left to object`}</dt>
        <dd className="num mt-1 text-right" title={formatAbsolute(closesAt)}>
          <Trans>
            <Countdown at={closesAt} past={t`over`} className="font-semibold" /> left
          </Trans>
        </dd>
      </dl>
      {breakEven !== undefined && (
        <p className="mt-2 text-sm text-ink-2">
          {breakEven === null
            ? t`Even being right costs more than it brings here.`
            : t`Who is right in more than ${formatPercent(breakEven)} of such cases gains on average.`}
        </p>
      )}
      {children && <p className="mt-2 text-sm text-ink-2">{children}</p>}
    </div>
  );
}
