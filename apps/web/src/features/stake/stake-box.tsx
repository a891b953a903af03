import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import type { Market } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Countdown } from "../../components/time.tsx";
import { useNow } from "../../clock.ts";
import { formatAmount, formatMultiple, formatShare, parseAmount } from "../../format/amount.ts";
import { seriesColor } from "../../format/series.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { FaucetButton } from "../wallet/account-button.tsx";
import { useBalance } from "../wallet/use-balance.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { inReadingOrder } from "../market/pool-bar.tsx";
import { StakePreview } from "./stake-preview.tsx";
import { gaslessSteps, ownGasSteps, type StakeOrder } from "./stake-steps.ts";

const QUICK = ["10", "50", "250"];

/** Where a stake is made: pick an outcome, an amount, see exactly what it pays, sign once. */
export function StakeBox({
  market,
  outcome,
  onOutcome,
}: {
  market: Market;
  outcome: number;
  onOutcome: (outcome: number) => void;
}) {
  const { collateral } = useNetwork();
  const wallet = useWallet();
  const balance = useBalance();
  const now = useNow();
  const client = useQueryClient();
  const steps = useSteps();
  const [text, setText] = useState("25");
  const [touched, setTouched] = useState(false);
  const [ownGas, setOwnGas] = useState(false);
  const { amount, problem } = read(text, collateral.decimals, balance);
  const account = wallet.account;
  const open = market.status === "trading" && now < market.terms.closesAt;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!account) {
      wallet.ask();
      return;
    }
    if (amount === undefined || problem !== undefined) return;
    const order: StakeOrder = { market, outcome, amount, ...collateral };
    void steps.runPrepared({
      title: "Prepare the stake",
      prepare: () => (ownGas ? ownGasSteps : gaslessSteps)(wallet, order, account.address),
      onDone: () => {
        for (const key of ["market", "markets", "portfolio", "balance", "activity"])
          void client.invalidateQueries({ queryKey: [key] });
      },
    });
  };

  if (!open) return null;
  return (
    <form className="panel grid gap-4 p-4 sm:p-5" onSubmit={submit} noValidate>
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="font-bold">Stake</h2>
        <p className="text-sm text-ink-2">
          closes in{" "}
          <Countdown at={market.terms.closesAt} past="a moment" className="font-semibold text-ink" />
        </p>
      </div>
      <OutcomePicker market={market} outcome={outcome} onOutcome={onOutcome} />
      <div>
        <TextField
          label="Amount"
          inputMode="decimal"
          autoComplete="off"
          className="num text-lg font-semibold"
          value={text}
          after={collateral.symbol}
          onChange={(event) => {
            setText(event.target.value);
            setTouched(true);
          }}
          error={touched ? problem : undefined}
        />
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {QUICK.map((value) => (
            <Button key={value} size="small" onClick={() => setText(value)} aria-label={`Amount ${value}`}>
              {value}
            </Button>
          ))}
          {balance !== undefined && (
            <Button
              size="small"
              onClick={() => setText(formatAmount(balance, collateral.decimals).replaceAll(",", ""))}
            >
              All
            </Button>
          )}
        </div>
        {balance !== undefined && (
          <p className="mt-2 flex min-h-9 flex-wrap items-center gap-x-2 text-sm text-ink-2">
            You have <Amount value={balance} decimals={collateral.decimals} symbol={collateral.symbol} />
            {balance < 100n * 10n ** BigInt(collateral.decimals) && <FaucetButton />}
          </p>
        )}
      </div>
      {amount !== undefined && amount > 0n && (
        <StakePreview market={market} outcome={outcome} amount={amount} />
      )}
      <Button
        type="submit"
        look="primary"
        busy={!wallet.ready || steps.preparing || steps.running}
        className="w-full"
      >
        {account ? `Stake on ${market.outcomes[outcome]?.label ?? ""}` : "Connect a wallet to stake"}
      </Button>
      {steps.done && (
        <p className="font-semibold text-accent" role="status">
          Your stake is on the chain.
        </p>
      )}
      {!steps.done && <StepList steps={steps} />}
      {steps.error && !ownGas && (
        <p className="text-sm text-ink-2">
          You can also send it yourself: tick the box below and stake again.
        </p>
      )}
      <label className="flex items-start gap-2 text-sm text-ink-2">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-(--accent)"
          checked={ownGas}
          disabled={steps.running}
          onChange={(event) => setOwnGas(event.target.checked)}
        />
        <span>
          Send it myself and pay the gas. Otherwise you only sign, and the platform sends it for you.
        </span>
      </label>
    </form>
  );
}

function OutcomePicker({
  market,
  outcome,
  onOutcome,
}: {
  market: Market;
  outcome: number;
  onOutcome: (outcome: number) => void;
}) {
  const name = useId();
  const two = market.outcomes.length === 2;
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">Outcome</legend>
      <div className={two ? "grid grid-cols-2 gap-2" : "grid max-h-[24rem] gap-1.5 overflow-y-auto p-0.5"}>
        {inReadingOrder(market).map(({ index, label, shareBps, paysBps }) => (
          <label
            key={index}
            className="flex min-h-12 cursor-pointer items-center gap-2.5 rounded-md border border-rule-2 px-3 py-1.5 has-checked:border-accent has-checked:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={index}
              checked={index === outcome}
              onChange={() => onOutcome(index)}
              className="size-4 shrink-0 accent-(--accent) outline-none"
            />
            <span className="min-w-0 flex-1 leading-tight font-semibold">
              {label}
              <span className="num block text-xs font-normal text-ink-2">
                {paysBps === null
                  ? "no stakes yet"
                  : `${formatShare(shareBps)}, pays ${formatMultiple(paysBps)}`}
              </span>
            </span>
            <span
              className="h-6 w-1 shrink-0 rounded-full"
              style={{
                background: seriesColor(market.question.schema.kind, index, market.outcomes.length),
              }}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function read(
  text: string,
  decimals: number,
  balance: bigint | undefined,
): { amount?: bigint; problem?: string } {
  try {
    const amount = parseAmount(text, decimals);
    if (amount === 0n) return { amount, problem: "Enter more than zero." };
    if (balance !== undefined && amount > balance) return { amount, problem: "More than you have." };
    return { amount };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : "Enter an amount." };
  }
}
