import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { nettingOf } from "@sooth/markets/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { HeldTokens, QuestionDetail } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Amount } from "../../components/figures.tsx";
import { formatAmount, parseAmount } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import type { SideNames } from "./side-names.ts";
import { setsSteps, type SetsWanted } from "./trade-steps.ts";

type Deed = Pick<SetsWanted, "does" | "outcomes"> & { most?: bigint };

/** What a wallet holds of all outcomes of a choice, and what makes some of them out of others: exactly one is the answer. */
export function ChoiceTokens({
  question,
  names,
  all,
  owner,
}: {
  question: QuestionDetail;
  names: SideNames;
  all: readonly HeldTokens[];
  owner: string;
}) {
  const { collateral } = useNetwork();
  const { decimals, symbol } = collateral;
  const wallet = useWallet();
  const client = useQueryClient();
  const steps = useSteps();
  const [text, setText] = useState("10");
  const [problem, setProblem] = useState<string>();
  const [given, setGiven] = useState<readonly number[]>([]);
  const yesOfAll = least(all.map(({ yes }) => BigInt(yes ?? 0)));
  const noOfGiven = least(
    all.filter(({ outcome }) => given.includes(outcome)).map(({ no }) => BigInt(no ?? 0)),
  );
  const isSettled = all.some(({ yesBps }) => yesBps !== null);
  const busy = steps.preparing || steps.running;
  const others = all.length - given.length;
  const money = formatAmount(nettingOf({ convert: given }, all.length, typed(text, decimals)).paid, decimals);

  const act = (title: string, { does, outcomes, most }: Deed) => {
    const amount = typed(text, decimals);
    if (busy) return;
    if (amount === 0n) return setProblem(t`Enter an amount.`);
    if (most !== undefined && amount > most) return setProblem(t`More than you have.`);
    setProblem(undefined);
    const wanted: SetsWanted = { does, outcome: 0, amount, ...(outcomes && { outcomes }) };
    void steps.runPrepared({
      title,
      prepare: () => setsSteps(wallet, question.id, wanted, owner),
      onDone: () => {
        for (const key of [["question", question.id], ["balance"]])
          void client.invalidateQueries({ queryKey: key });
      },
    });
  };

  return (
    <section className="grid gap-4" aria-label={t`All outcomes together`}>
      <h3 className="font-semibold">{t`All outcomes together`}</h3>
      <p className="max-w-[68ch] text-[0.9375rem] text-ink-2">
        <Trans>
          Exactly one outcome is the answer. So a “{names.yes}” of each is worth 1, and a “{names.no}” of some
          is worth a “{names.yes}” of all others, and 1 for each that you give up but one.
        </Trans>
      </p>
      <div className="overflow-x-auto">
        <table className="w-full text-[0.9375rem] sm:max-w-xl">
          <thead>
            <tr className="text-left">
              <th scope="col" className="label py-1 pr-4">{t`Outcome`}</th>
              <th scope="col" className="label py-1 pr-4 text-right">
                {names.yes}
              </th>
              <th scope="col" className="label py-1 pr-4 text-right">
                {names.no}
              </th>
              <th scope="col" className="label py-1 text-right">{t`Give up`}</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ outcome, label, yes, no }) => (
              <tr key={outcome} className="border-t border-rule">
                <th scope="row" className="py-2 pr-4 text-left font-normal">
                  {label}
                </th>
                <td className="num py-2 pr-4 text-right">
                  <Amount value={BigInt(yes ?? 0)} decimals={decimals} />
                </td>
                <td className="num py-2 pr-4 text-right">
                  <Amount value={BigInt(no ?? 0)} decimals={decimals} />
                </td>
                <td className="py-2 text-right">
                  <input
                    type="checkbox"
                    className="size-5 accent-accent"
                    aria-label={t`Give up “${names.no}” of ${label}`}
                    checked={given.includes(outcome)}
                    onChange={({ target }) =>
                      setGiven((was) =>
                        target.checked ? [...was, outcome] : was.filter((each) => each !== outcome),
                      )
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="grid gap-3 sm:max-w-sm">
        <TextField
          label={t`Tokens of each kind`}
          inputMode="decimal"
          autoComplete="off"
          className="num"
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={problem}
        />
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            busy={busy}
            disabled={isSettled}
            onClick={() => act(t`Make all`, { does: "splitAll" })}
          >{t`Make all`}</Button>
          <Button
            size="small"
            busy={busy}
            onClick={() => act(t`Turn all back`, { does: "mergeAll", most: yesOfAll })}
          >{t`Turn all back`}</Button>
          <Button
            size="small"
            busy={busy}
            disabled={given.length === 0}
            onClick={() => act(t`Exchange`, { does: "convert", outcomes: [...given], most: noOfGiven })}
          >{t`Exchange`}</Button>
        </div>
        <p className="min-h-12 text-sm text-ink-2" aria-live="polite">
          {given.length === 0 ? (
            <Trans>“Make all” makes a “{names.yes}” of each outcome out of money, one for one.</Trans>
          ) : (
            <Trans>
              The exchange brings as much “{names.yes}” of each of the {others} others, and {money} {symbol}.
            </Trans>
          )}
        </p>
      </div>
      {steps.done ? (
        <p className="font-semibold text-accent" role="status">{t`It is on the chain.`}</p>
      ) : (
        <StepList steps={steps} />
      )}
    </section>
  );
}

const least = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((least_, each) => (each < least_ ? each : least_), amounts[0] ?? 0n);

/** 0 where it is no amount. */
function typed(text: string, decimals: number): bigint {
  try {
    return parseAmount(text, decimals);
  } catch {
    return 0n;
  }
}
