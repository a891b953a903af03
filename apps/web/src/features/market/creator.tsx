import { t } from "@lingui/core/macro";
import { Hash } from "../../components/hash.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/** Whom the fee goes to; null while it is only planned: whoever reads that is the one. */
export function Creator({ address }: { address: string | null }) {
  const names = useWalletNames();
  return address === null ? <b>{t`you`}</b> : <Hash value={address} name={names(address)} />;
}
