import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { escrowPartiesOf } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { useQuery } from "@tanstack/react-query";
import { useContext } from "react";
import type { LegShown, WireLeg } from "../../api.ts";
import { formatAmount } from "../../format/amount.ts";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { type TokenFacts, useWallet } from "../wallet/wallet-context.tsx";
import { useCoinWords } from "./coin.tsx";
import { type KnownCall, readCall } from "./known-call.ts";
import { TypedCalls } from "./typed-calls.ts";
import { useChain } from "./use-chains.ts";

/** The call, where its ABI is known, or its owner has just written it; the ABIs come with the first leg that is a call. */
export function useKnownCall(leg: WireLeg | null): KnownCall | undefined {
  const { addresses } = useNetwork();
  const typed = useContext(TypedCalls);
  const isCall = leg !== null && ["shared", "account"].includes(leg.kind) && leg.data.length >= 10;
  const { data } = useQuery({
    queryKey: ["known-call", leg?.target, leg?.data],
    queryFn: async () => {
      const { decodeCall } = await import("./known-calls.ts");
      return decodeCall(leg?.target ?? "0x", leg?.data ?? "0x", addresses) ?? null;
    },
    enabled: isCall,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!isCall) return undefined;
  return data ?? readCall(msg`as you wrote it`, typed, leg.data);
}

/** What a leg does, in the few words that fit into its node. */
export function useDeed({ leg }: Pick<LegShown, "leg">): string {
  const names = useWalletNames();
  const amount = useTokenWords(leg?.kind === "escrow" ? leg : undefined);
  const coin = useCoinWords();
  const known = useKnownCall(leg);
  if (leg === null) return t`Private until it runs`;
  const who = (address: string) => names(address) ?? shortHex(address);
  if (leg.kind === "escrow") {
    const parties = escrowPartiesOf({ data: leg.data as `0x${string}` });
    return parties
      ? t`${amount(leg.value)} from ${who(parties.payer)} to ${who(parties.recipient)}`
      : amount(leg.value);
  }
  if (leg.kind === "value")
    return t({
      context: "an amount is paid",
      message: `${coin(leg.value, leg.chainId)} to ${who(leg.target)}`,
    });
  if (leg.kind === "participant") return t`Held by ${who(leg.target)}`;
  return known
    ? `${known.name}, ${i18n._(known.contract)}`
    : t`${leg.data.slice(0, 10)} at ${who(leg.target)}`;
}

type TokenPlace = { chainId: number; target: string };

/**
 * An amount as people count it, by what the token itself says on its chain; in its smallest unit, with where it stands, while nobody
 * has said it. Names can be taken by anybody: whoever signs is shown the whole address too.
 */
export function useTokenWords(at: TokenPlace | undefined): (value: string | bigint) => string {
  const { collateral } = useNetwork();
  const isCollateral = at !== undefined && sameAddress(at.target, collateral.address);
  const facts = useTokenFacts(isCollateral ? undefined : at);
  if (isCollateral)
    return (value) => `${formatAmount(BigInt(value), collateral.decimals)} ${collateral.symbol}`;
  if (facts) return (value) => `${formatAmount(BigInt(value), facts.decimals)} ${facts.symbol}`;
  return (value) =>
    at ? t`${String(value)} units of ${shortHex(at.target)}` : t`${String(value)} units of a token`;
}

/** Read where the page can read without having the wallet change its chain. */
function useTokenFacts(at: TokenPlace | undefined): TokenFacts | undefined {
  const wallet = useWallet();
  const chain = useChain();
  return useQuery({
    queryKey: ["token", at?.chainId, at?.target.toLowerCase()],
    queryFn: () => wallet.tokenOn(at?.chainId ?? 0, at?.target ?? "0x"),
    enabled: at !== undefined && chain(at.chainId)?.isOpen === true,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }).data;
}
