import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Amount } from "../../components/figures.tsx";
import { useNetwork } from "../../shell/use-network.ts";
import { PreparedDialog } from "./prepared-dialog.tsx";

/** What contracts hold for an account: rewards, deposits that came back, shares of slashed stakes. Nothing when there is none. */
export function Held({ owner }: { owner: string }) {
  const { collateral } = useNetwork();
  const [open, setOpen] = useState(false);
  const held = useQuery({
    queryKey: ["balance", "held", owner],
    queryFn: () => api.prepareEarnings({ owner }),
  });
  const pays = held.data?.pays ?? "0";
  if (pays === "0" && !open) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-y border-rule py-3">
      <p>
        <Trans>
          <b>
            <Amount value={pays} decimals={collateral.decimals} symbol={collateral.symbol} />
          </b>{" "}
          is held for you: rewards, deposits that came back and your share of slashed stakes.
        </Trans>
      </p>
      <Button size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>{t`Pay it out`}</Button>
      {open && (
        <PreparedDialog
          title={t`Pay out what is held for you`}
          press={t`Pay out`}
          done={t`It is in your wallet.`}
          prepare={{ key: [owner], run: () => api.prepareEarnings({ owner }) }}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}
