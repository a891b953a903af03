import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { formatAmount, parseAmount, typedAmount } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { FaucetButton } from "../wallet/account-button.tsx";

/** With less than so many whole units the faucet is offered, where there is one. */
const FEW = 100n;

type Read = { amount?: bigint; problem?: string };
type Bounds = { least: bigint; most?: bigint; balance: bigint | undefined; decimals: number; symbol: string };

/** What was typed, in units, and why it cannot be staked. */
export function readStake(text: string, { least, most, balance, decimals, symbol }: Bounds): Read {
  const money = (units: bigint) => `${formatAmount(units, decimals)} ${symbol}`;
  try {
    const amount = parseAmount(text, decimals);
    if (amount === 0n) return { amount, problem: t`Enter more than zero.` };
    if (amount < least) return { amount, problem: t`At least ${money(least)}.` };
    if (most !== undefined && amount > most) return { amount, problem: t`At most ${money(most)} here.` };
    if (balance !== undefined && amount > balance) return { amount, problem: t`More than you have.` };
    return { amount };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : t`Enter an amount.` };
  }
}

/** How much is staked: typed, or one of a few, beside what one has. */
export function AmountPart({
  value,
  onValue,
  quick,
  takesAll = false,
  balance,
  error,
  hint,
}: {
  value: string;
  onValue: (value: string) => void;
  quick: readonly string[];
  /** Whether everything that one has may be staked at once. */
  takesAll?: boolean;
  balance: bigint | undefined;
  error: string | undefined;
  hint?: ReactNode;
}) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  return (
    <div>
      <TextField
        label={t`Amount`}
        inputMode="decimal"
        autoComplete="off"
        className="num text-lg font-semibold"
        value={value}
        after={symbol}
        onChange={(event) => onValue(event.target.value)}
        error={error}
        hint={hint}
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {quick.map((each) => (
          <Button key={each} size="small" onClick={() => onValue(each)} aria-label={t`Amount ${each}`}>
            {each}
          </Button>
        ))}
        {takesAll && balance !== undefined && (
          <Button size="small" onClick={() => onValue(typedAmount(balance, decimals))}>
            {t`All`}
          </Button>
        )}
      </div>
      {balance !== undefined && (
        <p className="mt-2 flex min-h-9 flex-wrap items-center gap-x-2 text-sm text-ink-2">
          <Trans>
            You have <Amount value={balance} decimals={decimals} symbol={symbol} />
          </Trans>
          {balance < FEW * 10n ** BigInt(decimals) && <FaucetButton />}
        </p>
      )}
    </div>
  );
}
