import { type Address, hashTypedData, type Hex } from "viem";
import type { GatewayReceipt, Answer } from "./generated/types.ts";

// Written out once more than in the server: who checks a signature must not take from the signer what was signed.

const domainOf = (about: { chainId: number; oracle: string }) =>
  ({
    name: "Sooth gateway",
    version: "1",
    chainId: about.chainId,
    verifyingContract: about.oracle as Address,
  }) as const;

/** What the gateway's key signs of an answer. */
export const answerTypedData = (answer: Answer) =>
  ({
    domain: domainOf(answer),
    types: {
      Answer: [
        { name: "question", type: "bytes32" },
        { name: "status", type: "string" },
        { name: "answered", type: "bool" },
        { name: "value", type: "int256" },
        { name: "confidence", type: "uint16" },
        { name: "round", type: "uint8" },
        { name: "finalizeAt", type: "uint64" },
        { name: "blockNumber", type: "uint64" },
        { name: "blockHash", type: "bytes32" },
        { name: "blockTime", type: "uint64" },
        { name: "signedAt", type: "uint64" },
      ],
    },
    primaryType: "Answer",
    message: {
      question: answer.question as Hex,
      status: answer.status,
      answered: answer.value !== null,
      value: BigInt(answer.value ?? 0),
      confidence: answer.confidence ?? 0,
      round: answer.round,
      finalizeAt: BigInt(answer.finalizeAt ?? 0),
      blockNumber: BigInt(answer.block.number),
      blockHash: answer.block.hash as Hex,
      blockTime: BigInt(answer.block.time),
      signedAt: BigInt(answer.signedAt),
    },
  }) as const;

/** What the gateway's key signs of a receipt. */
export const receiptTypedData = (receipt: GatewayReceipt) =>
  ({
    domain: domainOf(receipt),
    types: {
      Receipt: [
        { name: "kind", type: "string" },
        { name: "question", type: "bytes32" },
        { name: "subject", type: "address" },
        { name: "seat", type: "int16" },
        { name: "epoch", type: "uint32" },
        { name: "round", type: "uint8" },
        { name: "accepted", type: "bytes32" },
        { name: "receivedAt", type: "uint64" },
        { name: "finalFrom", type: "uint64" },
        { name: "finalBy", type: "uint64" },
      ],
    },
    primaryType: "Receipt",
    message: {
      kind: receipt.kind,
      question: receipt.question as Hex,
      subject: receipt.subject as Address,
      seat: receipt.seat ?? -1,
      epoch: receipt.epoch ?? 0,
      round: receipt.round,
      accepted: receipt.accepted as Hex,
      receivedAt: BigInt(receipt.receivedAt),
      finalFrom: BigInt(receipt.finalFrom),
      finalBy: BigInt(receipt.finalBy),
    },
  }) as const;

export const receiptId = (receipt: GatewayReceipt): Hex => hashTypedData(receiptTypedData(receipt));
