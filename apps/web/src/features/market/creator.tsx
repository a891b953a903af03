import { t } from "@lingui/core/macro";
import { Hash } from "../../components/hash.tsx";
import { useWalletNames } from "../wallet/use-wallet-names.ts";

/**
 * Whom the fee goes to; null while it is only planned: whoever reads that is the one. Who `puts` statements up is a link to the list
 * of them.
 */
export function Creator({ address, puts = false }: { address: string | null; puts?: boolean }) {
  const names = useWalletNames();
  if (address === null) return <b>{t`you`}</b>;
  return (
    <Hash
      value={address}
      name={names(address)}
      to={puts ? { to: "/opinions", search: { creator: address } } : undefined}
    />
  );
}
