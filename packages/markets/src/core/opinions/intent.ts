import type { Address, Amount, Hex } from "@sooth/kernel";
import { hashTypedData } from "viem";
import type { z } from "zod";
import type { wireOpinionIntent } from "./wire.ts";

/** Where signatures count: one Opinions contract on one chain. */
export type OpinionsDomain = { chainId: number; opinions: Address };
/** A stake that its owner signed and somebody else sends. `deadline` is unix seconds, inclusive. */
export type OpinionIntent = {
  market: Hex;
  /** 31: the stance is hidden in `commitment`. */
  band: number;
  amount: Amount;
  /** SHA-256 of the text. */
  opinion: Hex;
  /** Zero while the stance is open. */
  commitment: Hex;
  owner: Address;
  nonce: bigint;
  deadline: number;
  /** Band and salt, encrypted; empty while the stance is open. */
  sealed: Hex;
};
export type WireOpinionIntent = z.infer<typeof wireOpinionIntent>;

/** EIP-712 of `OpinionIntent`, as `Opinions.stakeBySig` checks it. */
export const opinionTypedData = ({ chainId, opinions }: OpinionsDomain, intent: OpinionIntent) =>
  ({
    domain: { name: "Sooth Opinions", version: "1", chainId, verifyingContract: opinions },
    types: {
      OpinionIntent: [
        { name: "market", type: "bytes32" },
        { name: "band", type: "uint8" },
        { name: "amount", type: "uint48" },
        { name: "opinion", type: "bytes32" },
        { name: "commitment", type: "bytes32" },
        { name: "owner", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint40" },
        { name: "sealed", type: "bytes" },
      ],
    },
    primaryType: "OpinionIntent",
    message: { ...intent, amount: Number(intent.amount) },
  }) as const;

export const opinionDigest = (domain: OpinionsDomain, intent: OpinionIntent): Hex =>
  hashTypedData(opinionTypedData(domain, intent));

export const opinionIntentToWire = (intent: OpinionIntent): WireOpinionIntent => ({
  ...intent,
  amount: String(intent.amount),
  nonce: String(intent.nonce),
});

export const opinionIntentFromWire = (intent: WireOpinionIntent): OpinionIntent => ({
  ...(intent as WireOpinionIntent & Record<"market" | "opinion" | "commitment" | "owner" | "sealed", Hex>),
  amount: BigInt(intent.amount) as Amount,
  nonce: BigInt(intent.nonce),
});
