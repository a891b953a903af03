import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { HeldTokens, OpenOrder, QuestionDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { formatAmount, parseAmount } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { StepList } from "../steps/step-list.tsx";
import { type Step, useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { priceText } from "./book.tsx";
import type { SideNames } from "./side-names.ts";
import { cancelSteps, setsSteps, type SetsWanted } from "./trade-steps.ts";

/** What the wallet holds of it: tokens, orders that stand, sets to make or take apart, and what is to be redeemed. */
export function OwnTokens({
  question,
  names,
  held,
  orders,
  owner,
}: {
  question: QuestionDetail;
  names: SideNames;
  held: HeldTokens;
  orders: readonly OpenOrder[];
  owner: string;
}) {
  const { collateral } = useNetwork();
  const { decimals } = collateral;
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const [text, setText] = useState("10");
  const [problem, setProblem] = useState<string>();
  const [yes, no] = [BigInt(held.yes ?? 0), BigInt(held.no ?? 0)];
  const isOver = held.yesBps !== null || ["final", "invalid"].includes(question.status);
  const own = orders.filter(({ order }) => sameAddress(order.maker as `0x${string}`, owner as `0x${string}`));
  const run = (title: string, prepare: () => Promise<Step[]>) =>
    void steps.runPrepared({
      title,
      prepare,
      onDone: () => {
        for (const key of [["question", question.id], ["balance"]])
          void client.invalidateQueries({ queryKey: key });
      },
    });
  const sets = (wanted: Omit<SetsWanted, "outcome">, title: string) =>
    run(title, () => setsSteps(wallet, question.id, { ...wanted, outcome: held.outcome }, owner));
  const amountOf = (most?: bigint): bigint | undefined => {
    setProblem(undefined);
    try {
      const amount = parseAmount(text, decimals);
      if (amount > 0n && (most === undefined || amount <= most)) return amount;
      setProblem(amount > 0n ? t`More than you have.` : t`Enter more than zero.`);
    } catch {
      setProblem(t`Enter an amount.`);
    }
    return undefined;
  };
  const busy = steps.preparing || steps.running;
  const split = (event: FormEvent) => {
    event.preventDefault();
    const amount = amountOf();
    if (amount !== undefined && !busy) sets({ does: "split", amount }, t`Make sets`);
  };
  const merge = () => {
    const amount = amountOf(yes < no ? yes : no);
    if (amount !== undefined && !busy) sets({ does: "merge", amount }, t`Turn sets back`);
  };
  return (
    <div className="grid gap-4">
      <h3 className="font-semibold">{t`What you hold of it`}</h3>
      <dl className="grid grid-cols-2 gap-4 sm:max-w-sm">
        <Held label={names.yes} amount={yes} decimals={decimals} />
        <Held label={names.no} amount={no} decimals={decimals} />
      </dl>
      {own.length > 0 && (
        <ul className="grid gap-2" aria-label={t`Your orders`}>
          {own.map(({ digest, order, left, covered, dropped }) => (
            <li
              key={digest}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-rule pt-2"
            >
              <span className="min-w-0 text-[0.9375rem]">
                {sentenceOf(order.side, names, formatAmount(BigInt(left), decimals), priceText(order.price))}
                {covered !== left && (
                  <span className="block text-sm text-bad">{t`Not all of it can be paid now: your money or your tokens went elsewhere.`}</span>
                )}
                {dropped && (
                  <span className="block text-sm text-bad">{t`The book is full of better prices: this one waits outside until there is room.`}</span>
                )}
              </span>
              <Button
                size="small"
                busy={busy}
                onClick={() => run(t`Cancel the order`, () => cancelSteps(wallet, [digest], owner))}
              >{t`Cancel it`}</Button>
            </li>
          ))}
        </ul>
      )}
      {isOver ? (
        yes + no > 0n && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button
              look="primary"
              busy={busy}
              onClick={() => sets({ does: "redeem" }, t`Redeem`)}
            >{t`Redeem`}</Button>
            <p className="min-w-0 flex-1 basis-56 text-sm text-ink-2">{t`Pays what your tokens are worth, and writes the result down first where nobody has.`}</p>
          </div>
        )
      ) : (
        <form className="grid gap-3 sm:max-w-sm" onSubmit={split} noValidate aria-label={t`Sets`}>
          <TextField
            label={t`Sets of both sides, one for one`}
            inputMode="decimal"
            autoComplete="off"
            className="num"
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={problem}
          />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" size="small" busy={busy}>{t`Make sets`}</Button>
            <Button size="small" busy={busy} onClick={merge}>{t`Turn sets back`}</Button>
          </div>
        </form>
      )}
      {steps.done ? (
        <p className="font-semibold text-accent" role="status">{t`It is on the chain.`}</p>
      ) : (
        <StepList steps={steps} />
      )}
    </div>
  );
}

function Held({ label, amount, decimals }: { label: string; amount: bigint; decimals: number }) {
  return (
    <div className="min-w-0">
      <dt className="label">{label}</dt>
      <dd className="num mt-0.5 text-base font-semibold">
        <Amount value={amount} decimals={decimals} />
      </dd>
    </div>
  );
}

function sentenceOf(side: OpenOrder["order"]["side"], names: SideNames, amount: string, price: string) {
  const { yes, no } = names;
  switch (side) {
    case "buyYes":
      return (
        <Trans>
          Buys {amount} “{yes}” at {price} at most
        </Trans>
      );
    case "buyNo":
      return (
        <Trans>
          Buys {amount} “{no}” at {price} at most
        </Trans>
      );
    case "sellYes":
      return (
        <Trans>
          Sells {amount} “{yes}” at {price} at least
        </Trans>
      );
    case "sellNo":
      return (
        <Trans>
          Sells {amount} “{no}” at {price} at least
        </Trans>
      );
  }
}
