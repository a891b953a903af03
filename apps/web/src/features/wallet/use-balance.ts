import { useQuery } from "@tanstack/react-query";
import { useWallet } from "./wallet-context.tsx";

/** Collateral of the connected wallet, read from the chain; asked again whenever something happens there. */
export function useBalance(): bigint | undefined {
  const wallet = useWallet();
  const address = wallet.account?.address;
  return useQuery({
    queryKey: ["balance", address],
    queryFn: () => wallet.balanceOf(address ?? ""),
    enabled: wallet.ready && address !== undefined,
    // Reads of the chain fail when the node is away; the next event or reconnect asks again.
    retry: false,
  }).data;
}
