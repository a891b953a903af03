import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../components/announcer.tsx";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { WalletIcon } from "../../components/icons.tsx";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useBalance } from "./use-balance.ts";
import { useWallet } from "./wallet-context.tsx";

/** Head of the page: connect, or who is connected and what is there to spend. */
export function AccountButton() {
  const wallet = useWallet();
  const balance = useBalance();
  const { collateral } = useNetwork();
  const account = wallet.account;
  if (!account)
    return (
      <Button look="primary" size="small" busy={!wallet.ready} onClick={wallet.ask}>
        <WalletIcon className="text-lg" />
        {t`Connect`}
      </Button>
    );
  return (
    <Button size="small" onClick={wallet.ask} aria-haspopup="dialog">
      <span className="size-2 rounded-full bg-accent" aria-hidden="true" />
      <span className="max-w-28 truncate">{account.name ?? shortHex(account.address)}</span>
      {balance !== undefined && (
        <span className="hidden border-l border-rule-2 pl-2 font-normal min-[26rem]:inline">
          <Amount value={balance} decimals={collateral.decimals} symbol={collateral.symbol} short />
        </span>
      )}
      <span className="sr-only">{t`, change wallet`}</span>
    </Button>
  );
}

/** Local networks only: test dollars for the connected wallet. */
export function FaucetButton() {
  const wallet = useWallet();
  const client = useQueryClient();
  const { hub, collateral } = useNetwork();
  const [busy, setBusy] = useState(false);
  if (!hub.local || !wallet.account) return null;
  const fund = async () => {
    setBusy(true);
    try {
      await wallet.fund();
      await client.invalidateQueries({ queryKey: ["balance"] });
      announce(t`Test ${collateral.symbol} arrived`);
    } catch (error) {
      announce(error instanceof Error ? error.message : t`The faucet failed`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" look="plain" busy={busy} onClick={() => void fund()}>
      {busy ? t`Asking the faucet…` : t`Get test money`}
    </Button>
  );
}
