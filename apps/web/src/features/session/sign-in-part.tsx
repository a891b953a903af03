import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/states.tsx";
import { shortHex } from "../../format/hex.ts";
import { formatAbsolute } from "../../format/time.ts";
import { SignInButton } from "./sign-in-button.tsx";
import { useSession } from "./use-session.ts";

/** Of the dialog behind the wallet's button: whether the connected wallet is signed in, what that is for, and the way in and out. */
export function SignInPart() {
  const { account, address, expiresAt, signOut } = useSession();
  if (!account) return null;
  const name = account.name ?? shortHex(account.address);
  return (
    <section className="mb-5 rounded-md border border-rule-2 p-3" aria-label={t`Sign-in`}>
      {address === undefined ? (
        <>
          <p className="font-semibold">{t`${name} is connected, not signed in.`}</p>
          <p className="mt-0.5 mb-3 text-sm text-ink-2">
            <Trans>
              Staking needs no sign-in. To comment, react and keep track of your news, sign a short message
              with your wallet. It sends no transaction and costs nothing.
            </Trans>
          </p>
          <SignInButton />
        </>
      ) : (
        <>
          <p className="font-semibold">{t`Signed in as ${name}.`}</p>
          {expiresAt !== null && (
            <p className="num mt-0.5 text-sm text-ink-2">{t`Until ${formatAbsolute(expiresAt)}`}</p>
          )}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="small" busy={signOut.isPending} onClick={() => signOut.mutate(false)}>
              {t`Sign out`}
            </Button>
            <Button
              size="small"
              look="plain"
              busy={signOut.isPending}
              onClick={() => signOut.mutate(true)}
              title={t`Ends the sessions of this wallet in every browser`}
            >
              {t`Sign out everywhere`}
            </Button>
          </div>
          {signOut.error && (
            <div className="mt-3">
              <Failure error={signOut.error} />
            </div>
          )}
        </>
      )}
    </section>
  );
}
