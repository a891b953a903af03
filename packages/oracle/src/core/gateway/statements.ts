import type { Address, Hex } from "@sooth/kernel";
import { concatHex, hashTypedData, keccak256 } from "viem";
import { z } from "zod";
import { questionStatus, wireAddress, wireHex32, wireInteger, wireReceipt, wireSeconds } from "../wire.ts";

const wireSignature = z.string().regex(/^0x[0-9a-f]{130}$/);

/** What the gateway says of a question: how it stood at one block. */
export const wireAnswer = z.object({
  chainId: z.number().int(),
  oracle: wireAddress,
  question: wireHex32,
  status: questionStatus,
  /** Null while there is none. Only that of a final answer may be acted on. */
  value: wireInteger.nullable(),
  /** Basis points of all weight within tolerance. */
  confidence: z.number().int().nullable(),
  round: z.number().int(),
  finalizeAt: wireSeconds.nullable(),
  /** The last block that was read; the status holds at its time. */
  block: z.object({ number: z.number().int(), hash: wireHex32, time: wireSeconds }),
  /** By the gateway's own clock. */
  signedAt: wireSeconds,
});
export const wireSignedAnswer = z.object({
  answer: wireAnswer,
  /** The gateway's key; compare it with the one that you know, not with itself. */
  signer: wireAddress,
  /** EIP-712 `Answer`, as docs/gateway.md spells it. */
  signature: wireSignature,
});
export type Answer = z.infer<typeof wireAnswer>;
export type SignedAnswer = z.infer<typeof wireSignedAnswer>;

/** What the gateway took, and when it will be final. */
export const wireGatewayReceipt = z.object({
  chainId: z.number().int(),
  oracle: wireAddress,
  /** A report; a question that the chain holds; a transaction that will ask one. */
  kind: z.enum(["report", "question", "transaction"]),
  question: wireHex32,
  /** Who signed the report, or asked. */
  subject: wireAddress,
  seat: z.number().int().nullable(),
  epoch: z.number().int().nullable(),
  round: z.number().int(),
  /** Of a report: keccak256 of its EIP-712 digest and its signature. Else the transaction's hash. */
  accepted: wireHex32,
  /** Chain time. */
  receivedAt: wireSeconds,
  /** Not final before: an answer now and nobody objecting. */
  finalFrom: wireSeconds,
  /** Final or invalid by then, unless somebody objects. */
  finalBy: wireSeconds,
});
export const wireSignedReceipt = z.object({
  /** The digest that was signed. */
  id: wireHex32,
  receipt: wireGatewayReceipt,
  signer: wireAddress,
  signature: wireSignature,
});
/** What a report is answered with; the receipt is null where the server signs nothing. */
export const wireHandedOver = wireReceipt.extend({ receipt: wireSignedReceipt.nullable() });
export type GatewayReceipt = z.infer<typeof wireGatewayReceipt>;
export type SignedReceipt = z.infer<typeof wireSignedReceipt>;

const domainOf = ({ chainId, oracle }: { chainId: number; oracle: string }) =>
  ({ name: "Sooth gateway", version: "1", chainId, verifyingContract: oracle as Address }) as const;

/** What the gateway's key signs of an answer. `value` is 0 and `answered` false while there is none. */
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

/** What the gateway's key signs of a receipt. A seat of -1 stands for none. */
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

/**
 * Names a report without telling it. The digest alone would: a question has few possible values, and whoever tries them
 * all finds the one. Its signature nobody else can make, and who made it can show both.
 */
export const acceptedReport = (digest: Hex, signature: Hex): Hex =>
  keccak256(concatHex([digest, signature.toLowerCase() as Hex]));
