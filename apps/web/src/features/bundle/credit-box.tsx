import { t } from "@lingui/core/macro";
import { bundleHubAbi } from "@sooth/abi";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { encodeFunctionData, type Hex } from "viem";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { parseAmount } from "../../format/amount.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { Coin, useCoinWords } from "./coin.tsx";
import { useChain } from "./use-chains.ts";

/** What the connected wallet has at the hub, in wei; undefined while nobody knows. */
export function useCredit(): bigint | undefined {
  const wallet = useWallet();
  return useQuery({
    queryKey: ["balance", "credit", wallet.account?.address],
    queryFn: () => wallet.bundleCredit(),
    enabled: wallet.account !== undefined,
  }).data;
}

/** The connected wallet's credit at the hub, with ways to pay in and to have it back. */
export function CreditBox() {
  const wallet = useWallet();
  const client = useQueryClient();
  const { hub, addresses } = useNetwork();
  const chain = useChain()();
  const words = useCoinWords();
  const steps = useSteps();
  const credit = useCredit();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const account = wallet.account?.address as Hex | undefined;
  if (account === undefined || credit === undefined) return null;

  const send = (purpose: string, data: Hex, value: bigint) => {
    const call = { chainId: hub.chainId, to: addresses.bundleHub, data, value: String(value), purpose };
    const onDone = () => {
      void client.invalidateQueries({ queryKey: ["balance"] });
      setText("");
      steps.reset();
    };
    void steps.runPrepared({ title: purpose, prepare: async () => callSteps(wallet, [call]), onDone });
  };
  const topUp = (event: FormEvent) => {
    event.preventDefault();
    const value = amountOf(text);
    setProblem(value === undefined ? t`An amount, more than 0.` : undefined);
    if (value === undefined) return;
    const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [account] });
    send(t`Pay ${words(value)} in at the hub`, data, value);
  };
  const withdraw = () => {
    const data = encodeFunctionData({
      abi: bundleHubAbi,
      functionName: "withdraw",
      args: [account, credit],
    });
    send(t`Take ${words(credit)} out of the hub`, data, 0n);
  };
  return (
    <Section title={t`Your credit at the hub`} aside={<Coin wei={credit} />}>
      <p className="max-w-[62ch] text-[0.9375rem] text-ink-2">
        {t`Fees of bundles that you sign and others open are taken from it, and what comes back of them goes into it. It is yours: take it out whenever you want.`}
      </p>
      {steps.views.length > 0 ? (
        <div className="mt-3">
          <StepList steps={steps} />
        </div>
      ) : (
        <form className="mt-3 flex flex-wrap items-end gap-3" noValidate onSubmit={topUp}>
          <div className="w-44">
            <TextField
              label={t`Pay in`}
              after={chain?.coin ?? ""}
              inputMode="decimal"
              className="num"
              value={text}
              onChange={({ target: { value } }) => setText(value)}
              error={problem}
            />
          </div>
          <Button type="submit">{t`Pay in`}</Button>
          {credit > 0n && <Button onClick={withdraw}>{t`Take it all out`}</Button>}
        </form>
      )}
    </Section>
  );
}

function amountOf(text: string): bigint | undefined {
  try {
    const value = parseAmount(text, 18);
    return value > 0n ? value : undefined;
  } catch {
    return undefined;
  }
}
