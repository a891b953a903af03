import { t } from "@lingui/core/macro";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Hash } from "../../components/hash.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/states.tsx";
import { shortHex } from "../../format/hex.ts";
import { SignInPart } from "../session/sign-in-part.tsx";
import { useWallet } from "./wallet-context.tsx";

const ROW =
  "flex w-full min-h-12 items-center justify-between gap-3 rounded-md border border-rule-2 bg-surface px-3 py-2 text-left font-semibold hover:border-accent hover:bg-wash";

/** Every wallet that announced itself, and on a local network the test wallets. */
export function ConnectDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const wallet = useWallet();
  const [error, setError] = useState<Error>();
  const pick = (work: () => Promise<void>) => {
    setError(undefined);
    work().then(onClose, setError);
  };
  return (
    <Dialog open={open} title={wallet.account ? t`Your wallet` : t`Choose a wallet`} onClose={onClose}>
      {wallet.account && (
        <p className="mb-4 text-sm">
          <span className="block text-ink-2">{t`Your address, the same on every chain`}</span>
          <Hash value={wallet.account.address} whole />
        </p>
      )}
      <SignInPart />
      {wallet.testWallets.length > 0 && (
        <div className="mb-5">
          <h3 className="label">{t`Test wallets of this local network`}</h3>
          <p className="mt-0.5 mb-2 text-sm text-ink-2">
            {t`Play money, nothing to install. Pick several in turn to take both sides.`}
          </p>
          <ul className="grid gap-2">
            {wallet.testWallets.map(({ name, address }) => (
              <li key={address} className="flex items-center gap-2">
                <button
                  type="button"
                  className={ROW}
                  onClick={() => pick(() => wallet.takeTestWallet(address))}
                >
                  <span>{name}</span>
                </button>
                <Hash value={address} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <h3 className="label mb-2">{t`Wallets in this browser`}</h3>
      {wallet.choices.length === 0 ? (
        <p className="text-sm text-ink-2">
          {wallet.looking
            ? t`Looking for wallets…`
            : t`No wallet announced itself. Install one that follows EIP-6963 (MetaMask, Rabby, Frame and most others do) and reload.`}
        </p>
      ) : (
        <ul className="grid gap-2">
          {wallet.choices.map(({ id, name, icon }) => (
            <li key={id}>
              <button type="button" className={ROW} onClick={() => pick(() => wallet.connect(id))}>
                <span>{name}</span>
                {icon && <img src={icon} alt="" width={24} height={24} />}
              </button>
            </li>
          ))}
        </ul>
      )}
      {error && (
        <div className="mt-4">
          <Failure error={error} />
        </div>
      )}
      {wallet.account && (
        <Button className="mt-5 w-full" onClick={() => pick(() => wallet.disconnect())}>
          {t`Disconnect ${wallet.account.name ?? shortHex(wallet.account.address)}`}
        </Button>
      )}
    </Dialog>
  );
}
