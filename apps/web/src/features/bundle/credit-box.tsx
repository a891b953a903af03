import { t } from "@lingui/core/macro";
import { bundleHubAbi } from "@sooth/abi";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { encodeFunctionData, type Hex } from "viem";
import { Button } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { Coin, useCoinWords } from "./coin.tsx";
import { CoinForm } from "./coin-form.tsx";

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
  const words = useCoinWords();
  const steps = useSteps();
  const credit = useCredit();
  const account = wallet.account?.address as Hex | undefined;
  if (account === undefined || credit === undefined) return null;

  const send = (purpose: string, data: Hex, value: bigint) => {
    const call = { chainId: hub.chainId, to: addresses.bundleHub, data, value: String(value), purpose };
    // The form comes back with what there is now: taking out all of what there was would fail.
    const onDone = () =>
      void client.invalidateQueries({ queryKey: ["balance"] }).finally(() => steps.reset());
    void steps.runPrepared({ title: purpose, prepare: async () => callSteps(wallet, [call]), onDone });
  };
  const payIn = (value: bigint) => {
    const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [account] });
    send(t`Pay ${words(value)} in at the hub`, data, value);
  };
  const takeOut = (value: bigint) => {
    const args = [account, value] as const;
    const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "withdraw", args });
    send(t`Take ${words(value)} out of the hub`, data, 0n);
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
        <div className="mt-3">
          <CoinForm
            label={t`Amount`}
            deeds={[
              { name: t`Pay in`, onDo: payIn },
              { name: t`Take out`, most: credit, onDo: takeOut },
            ]}
          >
            {credit > 0n && (
              <Button look="plain" onClick={() => takeOut(credit)}>{t`Take it all out`}</Button>
            )}
          </CoinForm>
        </div>
      )}
    </Section>
  );
}
