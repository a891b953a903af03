import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import type { Market } from "../../api.ts";
import { Countdown } from "../../components/time.tsx";
import { useNow } from "../../clock.ts";
import { formatMultiple, formatShare } from "../../format/amount.ts";
import { seriesColor } from "../../format/series.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useSteps } from "../steps/use-steps.ts";
import { useBalance } from "../wallet/use-balance.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { inReadingOrder } from "../market/pool-bar.tsx";
import { AmountPart, readStake } from "./amount-part.tsx";
import { SendPart } from "./send-part.tsx";
import { StakePreview } from "./stake-preview.tsx";
import { stakeSteps, type StakeOrder } from "./stake-steps.ts";
import { sayAnswer } from "../../languages/answer-words.ts";

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
  const { amount, problem } = readStake(text, { least: 0n, balance, ...collateral });
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
    const order: StakeOrder = { market, outcome, amount, ownGas, ...collateral };
    void steps.runPrepared({
      title: t`Prepare the stake`,
      prepare: () => stakeSteps(wallet, order, account.address),
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
        <h2 className="font-bold">{t`Stake`}</h2>
        <p className="text-sm text-ink-2">
          <Trans>
            closes in{" "}
            <Countdown at={market.terms.closesAt} past={t`a moment`} className="font-semibold text-ink" />
          </Trans>
        </p>
      </div>
      <OutcomePicker market={market} outcome={outcome} onOutcome={onOutcome} />
      <AmountPart
        value={text}
        onValue={(value) => {
          setText(value);
          setTouched(true);
        }}
        quick={QUICK}
        takesAll
        balance={balance}
        error={touched ? problem : undefined}
      />
      {amount !== undefined && amount > 0n && (
        <StakePreview market={market} outcome={outcome} amount={amount} />
      )}
      <SendPart
        label={
          account
            ? t`Stake on ${sayAnswer(market.outcomes[outcome]?.label ?? "")}`
            : t`Connect a wallet to stake`
        }
        steps={steps}
        done={t`Your stake is on the chain.`}
        ownGas={ownGas}
        onOwnGas={setOwnGas}
      />
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
      <legend className="mb-1.5 text-sm font-semibold">{t`Outcome`}</legend>
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
              {sayAnswer(label)}
              <span className="num block text-xs font-normal text-ink-2">
                {paysBps === null
                  ? t`no stakes yet`
                  : t`${formatShare(shareBps)}, pays ${formatMultiple(paysBps)}`}
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
