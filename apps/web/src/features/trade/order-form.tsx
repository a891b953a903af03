import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Address } from "@sooth/kernel";
import { LEAST_FILL, leastGot, mostPaid, ONE, type OutcomeSide } from "@sooth/markets/core";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { api, type HeldTokens, type QuestionDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { Countdown } from "../../components/time.tsx";
import { parseAmount } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useBalance } from "../wallet/use-balance.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { evenAt, type SideNames, unanswered } from "./side-names.ts";
import { orderSteps } from "./trade-steps.ts";

export type Draft = { buys: boolean; token: "yes" | "no"; tokens: string; price: string };

/** Prices are millionths. */
export const PRICE_PLACES = 6;

const SIDE: Record<Draft["token"], readonly [OutcomeSide, OutcomeSide]> = {
  yes: ["buyYes", "sellYes"],
  no: ["buyNo", "sellNo"],
};

/** An order: which side, how much, at what price, and exactly what that costs or brings before anything is signed. */
export function OrderForm({
  question,
  names,
  held,
  outcomes,
  latest,
  draft,
  onDraft,
}: {
  question: QuestionDetail;
  names: SideNames;
  held: HeldTokens;
  /** How many there are. */
  outcomes: number;
  latest: number;
  draft: Draft;
  onDraft: (draft: Draft) => void;
}) {
  const { collateral, hub, addresses } = useNetwork();
  const { decimals, symbol } = collateral;
  const wallet = useWallet();
  const balance = useBalance();
  const client = useQueryClient();
  const steps = useSteps();
  const [tried, setTried] = useState(false);
  const { buys, token, tokens, price } = draft;
  const amount = read(tokens, decimals);
  const limit = read(price, PRICE_PLACES);
  const change = (part: Partial<Draft>) => {
    if (!steps.running) steps.reset();
    onDraft({ ...draft, ...part });
  };
  const owned = BigInt((token === "yes" ? held.yes : held.no) ?? 0);
  const amountProblem =
    amount === undefined || amount < LEAST_FILL
      ? t`Enter how many tokens, such as 10.`
      : !buys && wallet.account && amount > owned
        ? t`More than you have.`
        : undefined;
  const priceProblem =
    limit === undefined || limit <= 0n || limit >= ONE
      ? t`Enter a price between 0 and 1, such as 0.60.`
      : undefined;
  const money =
    amount === undefined || limit === undefined || amountProblem || priceProblem
      ? undefined
      : buys
        ? mostPaid(limit, amount)
        : leastGot(limit, amount);
  const shortOf = buys && money !== undefined && balance !== undefined && money > balance;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const { account } = wallet;
    if (!account) {
      wallet.ask();
      return;
    }
    if (amount === undefined || limit === undefined || money === undefined || shortOf) return;
    const [buying, selling] = SIDE[token];
    const order = {
      question: question.id,
      outcome: held.outcome,
      side: buys ? buying : selling,
      amount,
      price: Number(limit),
      expiresAt: latest,
    };
    const domain = { chainId: hub.chainId, outcomeTokens: addresses.outcomeTokens as Address };
    void steps.runPrepared({
      title: t`Prepare the order`,
      prepare: () => orderSteps({ wallet, api, domain }, order, account.address),
      onDone: () => {
        for (const key of [["question", question.id], ["balance"]])
          void client.invalidateQueries({ queryKey: key });
      },
    });
  };
  const name = names[token];
  return (
    <form
      className="panel grid content-start gap-4 p-4 sm:p-5"
      onSubmit={submit}
      noValidate
      aria-label={t`Order`}
    >
      <div className="grid grid-cols-2 gap-2">
        <Pick
          legend={t`Buy or sell`}
          value={buys ? "buy" : "sell"}
          options={[
            ["buy", t`Buy`],
            ["sell", t`Sell`],
          ]}
          onPick={(picked) => change({ buys: picked === "buy" })}
        />
        <Pick
          legend={t`Side`}
          value={token}
          options={[
            ["yes", names.yes],
            ["no", names.no],
          ]}
          onPick={(picked) => change({ token: picked === "no" ? "no" : "yes" })}
        />
      </div>
      <TextField
        label={t`Tokens`}
        inputMode="decimal"
        autoComplete="off"
        className="num text-lg font-semibold"
        value={tokens}
        onChange={(event) => change({ tokens: event.target.value })}
        error={tried ? amountProblem : undefined}
      />
      <TextField
        label={buys ? t`Price of one, at most` : t`Price of one, at least`}
        inputMode="decimal"
        autoComplete="off"
        className="num text-lg font-semibold"
        value={price}
        after={symbol}
        onChange={(event) => change({ price: event.target.value })}
        error={tried ? (priceProblem ?? (shortOf ? t`More than you have.` : undefined)) : undefined}
      />
      <dl className="grid min-h-28 content-start grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 border-y border-rule py-3 text-[0.9375rem]">
        {money !== undefined && amount !== undefined && (
          <>
            <dt>{buys ? t`You pay at most` : t`You get at least`}</dt>
            <dd className="text-right font-bold">
              <Amount value={money} decimals={decimals} symbol={symbol} />
            </dd>
            <dt className="text-ink-2">
              {buys ? t`You may get, if “${name}” is worth all` : t`You give up, if “${name}” is worth all`}
            </dt>
            <dd className="text-right text-ink-2">
              <Amount value={amount} decimals={decimals} symbol={symbol} />
            </dd>
            {question.terms.aggregation === "median" && (
              <>
                <dt className="text-ink-2">
                  {buys === (token === "yes")
                    ? t`You gain where the answer is above`
                    : t`You gain where the answer is below`}
                </dt>
                <dd className="text-right text-ink-2">{evenAt(limit ?? 0n, token, question)}</dd>
              </>
            )}
            <dt className="text-ink-2">
              {buys ? t`Without an answer you get` : t`You give up without an answer`}
            </dt>
            <dd className="text-right text-ink-2">
              <Amount value={unanswered(amount, token, outcomes)} decimals={decimals} symbol={symbol} />
            </dd>
          </>
        )}
      </dl>
      <Button
        type="submit"
        look="primary"
        className="w-full"
        busy={!wallet.ready || steps.preparing || steps.running}
      >
        {!wallet.account ? t`Connect a wallet to trade` : buys ? t`Buy “${name}”` : t`Sell “${name}”`}
      </Button>
      {steps.done ? (
        <p className="font-semibold text-accent" role="status">
          {t`Your order stands. It is filled as soon as somebody's meets it.`}
        </p>
      ) : (
        <StepList steps={steps} />
      )}
      <p className="text-sm text-ink-2">
        <Trans>
          You sign; nothing is sent but an allowance that is missing. The order ends in{" "}
          <Countdown at={latest} past={t`a moment`} />, before anybody can know the answer. Until then whoever
          likes may take it: cancel it where you change your mind.
        </Trans>
      </p>
    </form>
  );
}

/** Undefined of what is no number. */
function read(text: string, decimals: number): bigint | undefined {
  try {
    return parseAmount(text, decimals);
  } catch {
    return undefined;
  }
}

function Pick({
  legend,
  value,
  options,
  onPick,
}: {
  legend: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onPick: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-semibold">{legend}</legend>
      <div className="grid gap-1.5">
        {options.map(([key, label]) => (
          <label
            key={key}
            className="flex min-h-11 min-w-0 cursor-pointer items-center gap-2.5 rounded-md border border-rule-2 px-3 py-1.5 has-checked:border-accent has-checked:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={key}
              checked={key === value}
              onChange={() => onPick(key)}
              className="size-4 shrink-0 accent-(--accent) outline-none"
            />
            <span className="min-w-0 leading-tight font-semibold break-words">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
