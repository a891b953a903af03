import type { Address, Hex } from "@sooth/kernel";
import { canonicalJson, keccak256, never } from "@sooth/kernel";
import { wireAddress, wireHex32, wireInteger, wireSeconds } from "@sooth/oracle/core";
import { stringToBytes } from "viem";
import { z } from "zod";
import type { AttestedBatch } from "./calls/index.ts";
import { type AttestersAt, batchTypedData, type Fact, type SignedBatch } from "./facts.ts";

/** JSON shapes of facts, and of what is asked of attesters and said by them. */
const small = (most: number) => z.number().int().min(0).max(most);
const below = (bits: bigint) =>
  wireInteger.refine((text) => BigInt(text) >= 0n && BigInt(text) < 1n << bits, `from 0 to 2^${bits} - 1`);
const ordinal = below(64n);
const epoch = small(2 ** 32 - 1);

export const wireFact = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("opened"),
    base: ordinal,
    index: small(31),
    owner: wireAddress,
    deadline: small(2 ** 40 - 1),
    leg: wireHex32,
  }),
  z.object({ kind: z.literal("prepared"), id: wireHex32 }),
  z.object({
    kind: z.literal("receipt"),
    ordinal,
    status: z.enum(["ok", "failed", "cancelled", "missed"]),
    result: wireHex32,
    relayer: wireAddress,
  }),
  z.object({
    kind: z.literal("decision"),
    id: wireHex32,
    base: ordinal,
    outcome: z.enum(["committed", "aborted"]),
  }),
  z.object({
    kind: z.literal("seated"),
    epoch,
    totalWeight: below(256n),
    seats: z.array(z.object({ key: wireAddress, weight: below(96n) })).max(32),
  }),
  z.object({ kind: z.literal("current"), day: epoch, epoch }),
]);
export type WireFact = z.infer<typeof wireFact>;

/** Facts of a batch at most: what a transaction has room for, several times over. */
export const MOST_FACTS = 256;
const facts = z.array(wireFact).min(1).max(MOST_FACTS);

/** What a relayer wants signed, and where it is to be believed: the signers are those whom that chain knows. */
export const wireBatchWanted = z.object({ facts, destination: z.number().int().positive() });

/** What attesters are asked to sign, a line of the stream each. */
export const wireProposal = z.object({ root: wireHex32, epoch, validUntil: wireSeconds, facts });
export type WireProposal = z.infer<typeof wireProposal>;

/** What a quorum signed. `seats`: a bitmap of who did; `signatures`: r | vs of each, ascending. */
export const wireAttestedBatch = wireProposal.extend({
  seats: z.string().regex(/^0x[0-9a-f]+$/),
  signatures: z.string().regex(/^0x([0-9a-f]{2})*$/),
});

/** Why an attester keeps a fact to himself. */
export const SILENCES = [
  "not_seen",
  "too_young",
  "nodes_disagree",
  "said_otherwise",
  "no_policy",
  "not_theirs",
  "long_over",
] as const;
export type Silence = (typeof SILENCES)[number];

const wireSignature = z.string().regex(/^0x[0-9a-f]{130}$/, "must be 65 bytes as lower-case hex");
const wireReasons = z.array(z.object({ fact: small(MOST_FACTS - 1), why: z.enum(SILENCES) })).max(MOST_FACTS);
export type WireReasons = z.infer<typeof wireReasons>;

/**
 * What an attester answers: his signature over the batch, without `silent`; or which facts he does not say and why, signed as
 * {silenceTypedData}, so that nobody else can say it for him.
 */
export const wireBatchAnswer = z.object({
  signer: wireAddress,
  epoch,
  validUntil: wireSeconds,
  signature: wireSignature,
  silent: wireReasons.optional(),
});
export type WireBatchAnswer = z.infer<typeof wireBatchAnswer>;
export const MOST_ANSWERS = 64;
/** Answers to several batches, and which of them were not taken. */
export const wireBatchAnswers = z.object({
  answers: z
    .array(wireBatchAnswer.extend({ root: wireHex32 }))
    .min(1)
    .max(MOST_ANSWERS),
});
export const wireAnswersTaken = z.object({
  refused: z.array(z.object({ root: wireHex32, why: z.string() })).max(MOST_ANSWERS),
});

export function factToWire(fact: Fact): WireFact {
  switch (fact.kind) {
    case "opened":
      return { ...fact, base: String(fact.base) };
    case "receipt":
      return { ...fact, ordinal: String(fact.ordinal) };
    case "decision":
      return { ...fact, base: String(fact.base) };
    case "seated":
      return {
        ...fact,
        totalWeight: String(fact.totalWeight),
        seats: fact.seats.map(({ key, weight }) => ({ key, weight: String(weight) })),
      };
    case "prepared":
    case "current":
      return fact;
    default:
      return never(fact);
  }
}

export function factFromWire(fact: WireFact): Fact {
  switch (fact.kind) {
    case "opened":
      return {
        ...fact,
        base: BigInt(fact.base),
        owner: fact.owner as Address,
        leg: fact.leg as Hex,
      };
    case "prepared":
      return { kind: "prepared", id: fact.id as Hex };
    case "receipt":
      return {
        ...fact,
        ordinal: BigInt(fact.ordinal),
        result: fact.result as Hex,
        relayer: fact.relayer as Address,
      };
    case "decision":
      return { ...fact, id: fact.id as Hex, base: BigInt(fact.base) };
    case "seated":
      return {
        ...fact,
        totalWeight: BigInt(fact.totalWeight),
        seats: fact.seats.map(({ key, weight }) => ({ key: key as Address, weight: BigInt(weight) })),
      };
    case "current":
      return fact;
    default:
      return never(fact);
  }
}

export const batchToWire = (batch: AttestedBatch): z.infer<typeof wireAttestedBatch> => ({
  root: batch.root,
  epoch: batch.epoch,
  validUntil: batch.validUntil,
  facts: batch.facts.map(factToWire),
  seats: `0x${batch.seats.toString(16)}`,
  signatures: batch.signatures,
});

export const batchFromWire = (batch: z.infer<typeof wireAttestedBatch>): AttestedBatch => ({
  root: batch.root as Hex,
  epoch: batch.epoch,
  validUntil: batch.validUntil,
  facts: batch.facts.map(factFromWire),
  seats: BigInt(batch.seats),
  signatures: batch.signatures as Hex,
});

/** EIP-712 of an attester's silence. It is of another type than a batch: no contract takes it for one. */
export const silenceTypedData = (at: AttestersAt, batch: SignedBatch, reasons: WireReasons) =>
  ({
    domain: batchTypedData(at, batch).domain,
    types: {
      Silence: [
        { name: "epoch", type: "uint32" },
        { name: "validUntil", type: "uint40" },
        { name: "root", type: "bytes32" },
        { name: "reasons", type: "bytes32" },
      ],
    },
    primaryType: "Silence",
    message: { ...batch, reasons: keccak256(stringToBytes(canonicalJson(reasons))) },
  }) as const;

/** How far the clocks of an attester and of whom he listens to may be apart, in milliseconds. */
export const HELLO_MS = 60_000;
/** The header with which a listener shows that he sits. */
export const HELLO_HEADER = "attester-hello";

/**
 * EIP-712 of an attester's hello to one server (host, with its port where it has one) at one moment (unix milliseconds): nobody
 * whom he says it to can use it elsewhere. No contract takes it for a batch.
 */
export const helloTypedData = (at: AttestersAt, hello: { host: string; at: number }) =>
  ({
    domain: batchTypedData(at, { epoch: 0, validUntil: 0, root: "0x" }).domain,
    types: {
      Hello: [
        { name: "host", type: "string" },
        { name: "at", type: "uint64" },
      ],
    },
    primaryType: "Hello",
    message: { host: hello.host.toLowerCase(), at: BigInt(hello.at) },
  }) as const;

export type Hello = { signer: Hex; at: number; signature: Hex };
export const helloHeader = ({ signer, at, signature }: Hello): string =>
  `${signer.toLowerCase()} ${at} ${signature}`;

/** Null for what is no hello. */
export function parseHello(header: string): Hello | null {
  const found = /^(0x[0-9a-f]{40}) (\d{13,15}) (0x[0-9a-f]{130})$/.exec(header);
  if (!found) return null;
  const [, signer, at, signature] = found;
  return { signer: signer as Hex, at: Number(at), signature: signature as Hex };
}
