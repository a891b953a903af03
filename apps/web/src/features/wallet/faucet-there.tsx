import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { useWallet } from "./wallet-context.tsx";

/** Local networks only: test dollars for the connected wallet on one chain. */
export function FaucetThere({ chainId, onDone }: { chainId: number; onDone?: () => void }) {
  const wallet = useWallet();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const fund = () => {
    setBusy(true);
    setError(undefined);
    wallet
      .fund(chainId)
      .then(() => client.invalidateQueries({ queryKey: ["balance"] }))
      .then(() => onDone?.())
      .catch((cause: unknown) => setError(cause instanceof Error ? cause.message : t`The faucet failed.`))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button size="small" look="plain" busy={busy} onClick={fund}>
        {busy ? t`Asking the faucet…` : t`Get test money there`}
      </Button>
      {error !== undefined && (
        <span role="alert" className="text-bad">
          {error}
        </span>
      )}
    </>
  );
}
