import { t } from "@lingui/core/macro";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/states.tsx";
import { shortHex } from "../../format/hex.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { useSession } from "./use-session.ts";

/** Signs the connected wallet in; without one it asks for one first. */
export function SignInButton({ size = "small" }: { size?: "small" | "normal" }) {
  const wallet = useWallet();
  const { signIn, other } = useSession();
  const names = useWalletNames();
  if (!wallet.account)
    return (
      <Button look="primary" size={size} busy={!wallet.ready} onClick={wallet.ask}>
        {t`Connect a wallet`}
      </Button>
    );
  const name = wallet.account.name ?? shortHex(wallet.account.address);
  return (
    <>
      {other !== undefined && (
        <p className="mb-2 text-sm text-ink-2" role="status">
          {t`The wallet was changed: ${names(other) ?? shortHex(other)} is signed in, ${name} is not. Sign in with it, or change back.`}
        </p>
      )}
      <Button look="primary" size={size} busy={signIn.isPending} onClick={() => signIn.mutate()}>
        {signIn.isPending ? t`Confirm in your wallet…` : t`Sign in`}
      </Button>
      {signIn.error && (
        <div className="mt-3">
          <Failure error={signIn.error} />
        </div>
      )}
    </>
  );
}
