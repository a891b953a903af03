import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { useWallet } from "./wallet-context.tsx";

/** Names of the addresses that a reader knows: his own, and the test wallets of a local network. */
export function useWalletNames(): (address: string) => string | undefined {
  const { account, testWallets } = useWallet();
  return (address) => {
    const test = testWallets.find((wallet) => sameAddress(wallet.address, address))?.name;
    if (account && sameAddress(account.address, address))
      return test === undefined ? t`You` : t`${test} (you)`;
    return test;
  };
}
