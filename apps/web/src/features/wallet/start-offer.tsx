import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { useWallet } from "./wallet-context.tsx";

/** On a local network a newcomer is one press away from staking. */
export function StartOffer({ className }: { className: string }) {
  const wallet = useWallet();
  const [closed, setClosed] = useState(false);
  const [error, setError] = useState<Error>();
  const first = wallet.testWallets[0];
  if (!wallet.ready || wallet.account || closed || !first) return null;
  return (
    <section aria-label={t`Start with a test wallet`} className="border-b border-rule bg-wash">
      <div className={`${className} flex flex-wrap items-center gap-x-5 gap-y-2 py-3`}>
        <p className="min-w-56 flex-1 text-[0.9375rem]">
          <Trans>
            <strong>You are on a local network.</strong> Take {first.name}’s test wallet and stake play money,
            nothing to install.
          </Trans>
          {error && <span className="block font-semibold text-bad">{error.message}</span>}
        </p>
        <div className="flex gap-2">
          <Button
            look="primary"
            size="small"
            onClick={() => void wallet.takeTestWallet(first.address).catch((cause: Error) => setError(cause))}
          >
            {t`Use ${first.name}’s wallet`}
          </Button>
          <Button look="plain" size="small" onClick={() => setClosed(true)}>
            {t`Not now`}
          </Button>
        </div>
      </div>
    </section>
  );
}
