import type { Address, Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import type { z } from "zod";
import type { wireIntent } from "./wire.ts";

/** Where signatures count: one Markets contract on one chain. */
export type MarketsDomain = { chainId: number; markets: Address };
/** A stake that its owner signed and somebody else sends. `deadline` is unix seconds, inclusive. */
export type StakeIntent = {
  market: Hex;
  outcome: number;
  amount: bigint;
  owner: Address;
  nonce: bigint;
  deadline: number;
};
export type WireIntent = z.infer<typeof wireIntent>;

/** EIP-712 of `StakeIntent`, as `Markets.stakeBySig` checks it. */
export const intentTypedData = ({ chainId, markets }: MarketsDomain, intent: StakeIntent) =>
  ({
    domain: { name: "Sooth Markets", version: "1", chainId, verifyingContract: markets },
    types: {
      StakeIntent: [
        { name: "market", type: "bytes32" },
        { name: "outcome", type: "uint8" },
        { name: "amount", type: "uint72" },
        { name: "owner", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint40" },
      ],
    },
    primaryType: "StakeIntent",
    message: intent,
  }) as const;

export const intentDigest = (domain: MarketsDomain, intent: StakeIntent): Hex =>
  hashTypedData(intentTypedData(domain, intent));

/** The collateral's own EIP-712 domain. Tokens differ in `version`, so it is read from the token (EIP-5267). */
export type TokenDomain = { name: string; version: string; chainId: number; token: Address };
export type TokenPermit = {
  owner: Address;
  spender: Address;
  value: bigint;
  nonce: bigint;
  deadline: bigint;
};

/** What a token's owner signs to let another take some of it. Source: EIP-2612. */
export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** ERC-2612: lets `spender` take `value` of the owner's collateral. */
export const permitTypedData = ({ name, version, chainId, token }: TokenDomain, permit: TokenPermit) =>
  ({
    domain: { name, version, chainId, verifyingContract: token },
    types: PERMIT_TYPES,
    primaryType: "Permit",
    message: permit,
  }) as const;

export const intentToWire = (intent: StakeIntent): WireIntent => ({
  ...intent,
  amount: String(intent.amount),
  nonce: String(intent.nonce),
});

export const intentFromWire = (intent: WireIntent): StakeIntent => ({
  ...intent,
  market: intent.market as Hex,
  owner: intent.owner as Address,
  amount: BigInt(intent.amount),
  nonce: BigInt(intent.nonce),
});
