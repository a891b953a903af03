import { t } from "@lingui/core/macro";
import { bundleHubAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { useQueryClient } from "@tanstack/react-query";
import { encodeFunctionData, type Hex } from "viem";
import type { BundleDetail } from "../../api.ts";
import { useNow } from "../../clock.ts";
import { Button } from "../../components/button.tsx";
import { callSteps } from "../steps/call-steps.ts";
import { StepList } from "../steps/step-list.tsx";
import { useSteps } from "../steps/use-steps.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { useCoinWords } from "./coin.tsx";
import { CoinForm } from "./coin-form.tsx";
import { useCredit } from "./credit-box.tsx";
import { useChecked } from "./use-contracts.ts";

/**
 * Raises the fee of an open bundle, which anybody may; before it is open, pays in what its owner's credit lacks of it. Both are
 * encoded here, for the bundle that was checked.
 */
export function FeeBox({ bundle }: { bundle: BundleDetail }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const known = useChecked(bundle);
  const words = useCoinWords();
  const steps = useSteps();
  const now = useNow();
  const account = wallet.account?.address as Hex | undefined;
  const missing = useMissing(bundle);
  const isOver = bundle.outcome !== "open" || (bundle.openedAt === null && now >= bundle.deadline);
  if (account === undefined || known.refused || isOver) return null;
  const { hub } = known.contracts;

  const send = (purpose: string, data: Hex, value: bigint) => {
    const call = { chainId: hub.chainId, to: hub.hub, data, value: String(value), purpose };
    const onDone = () => {
      void client.invalidateQueries({ queryKey: ["balance"] });
      void client.invalidateQueries({ queryKey: ["bundle", bundle.id] });
      steps.reset();
    };
    void steps.runPrepared({ title: purpose, prepare: async () => callSteps(wallet, [call]), onDone });
  };
  if (steps.views.length > 0)
    return (
      <div className="mt-4">
        <StepList steps={steps} />
      </div>
    );
  if (bundle.openedAt === null) {
    if (missing === undefined || missing <= 0n || !sameAddress(bundle.owner, account)) return null;
    const data = encodeFunctionData({ abi: bundleHubAbi, functionName: "deposit", args: [account] });
    return (
      <div className="mt-4 grid gap-2 text-[0.9375rem]">
        <p>{t`Others open it once your credit at the hub pays its fee: ${words(missing)} are missing.`}</p>
        <Button
          look="primary"
          onClick={() => send(t`Pay ${words(missing)} in at the hub`, data, missing)}
        >{t`Pay in what is missing`}</Button>
      </div>
    );
  }
  const raise = (value: bigint) => {
    const args = [known.checked.id] as const;
    send(
      t`Raise the fee by ${words(value)}`,
      encodeFunctionData({ abi: bundleHubAbi, functionName: "topUp", args }),
      value,
    );
  };
  return (
    <details className="mt-4">
      <summary className="mb-2 text-sm font-semibold text-ink-2">{t`Raise the fee`}</summary>
      <p className="mb-3 text-sm text-ink-2">
        {t`Relayers leave a bundle that pays too little, until its fee is raised. Anybody may; what nobody earns of it goes to the owner.`}
      </p>
      <CoinForm label={t`By how much`} deeds={[{ name: t`Raise it`, onDo: raise }]} />
    </details>
  );
}

/** What the connected wallet's credit lacks of the fee; undefined while nobody knows. */
function useMissing({ fee }: BundleDetail): bigint | undefined {
  const credit = useCredit();
  return credit === undefined ? undefined : BigInt(fee) - credit;
}
