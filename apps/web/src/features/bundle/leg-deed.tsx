import { escrowPartiesOf } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { useQuery } from "@tanstack/react-query";
import type { LegShown, WireLeg } from "../../api.ts";
import { formatAmount } from "../../format/amount.ts";
import { shortHex } from "../../format/hex.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import type { KnownCall } from "./known-calls.ts";

/** The call, where its ABI is known; the ABIs come with the first leg that is a call. */
export function useKnownCall(leg: WireLeg | null): KnownCall | undefined {
  const { addresses } = useNetwork();
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
  return data ?? undefined;
}

/** What a leg does, in the few words that fit into its node. */
export function useDeed({ leg }: Pick<LegShown, "leg">): string {
  const names = useWalletNames();
  const amount = useAmountWords();
  const known = useKnownCall(leg);
  if (leg === null) return "Private until it runs";
  const who = (address: string) => names(address) ?? shortHex(address);
  if (leg.kind === "escrow") {
    const parties = escrowPartiesOf({ data: leg.data as `0x${string}` });
    return parties
      ? `${amount(leg.target, leg.value)} from ${who(parties.payer)} to ${who(parties.recipient)}`
      : amount(leg.target, leg.value);
  }
  if (leg.kind === "value") return `${formatAmount(BigInt(leg.value), 18)} ETH to ${who(leg.target)}`;
  if (leg.kind === "participant") return `Held by ${who(leg.target)}`;
  return known ? `${known.name}, ${known.contract}` : `${leg.data.slice(0, 10)} at ${who(leg.target)}`;
}

/** Of the collateral as people count it; of another token in its smallest unit, with where it stands. */
export function useAmountWords(): (token: string, value: string) => string {
  const { collateral } = useNetwork();
  return (token, value) =>
    sameAddress(token, collateral.address)
      ? `${formatAmount(BigInt(value), collateral.decimals)} ${collateral.symbol}`
      : `${value} units of ${shortHex(token)}`;
}
