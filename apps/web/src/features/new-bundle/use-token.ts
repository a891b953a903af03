import { useQuery } from "@tanstack/react-query";
import { isAddress } from "viem";
import { useWallet, type TokenFacts } from "../wallet/wallet-context.tsx";
import type { Side } from "./draft.ts";

/** Name, digits and balance of a token on its chain; undefined while nobody knows. */
export function useToken({ chainId, token }: Side): TokenFacts | undefined {
  const wallet = useWallet();
  return useQuery({
    queryKey: ["balance", "token", chainId, token.toLowerCase(), wallet.account?.address],
    queryFn: () => wallet.tokenOn(Number(chainId), token.trim()),
    enabled: wallet.account !== undefined && chainId !== "" && isAddress(token.trim(), { strict: false }),
    retry: false,
  }).data;
}
