import { type Address, type Hex, keccak256, never } from "@sooth/kernel";
import { treeInOrder } from "@sooth/oracle/core";
import { stringToBytes } from "viem";
import { type Decided, LEG_STATUSES, OUTCOMES, type Settled } from "./types.ts";
import { addressWord, bytes32Word, uintWord } from "./words.ts";

/**
 * What attesters say: a kind, what it is about, and what is so. Mirror of Facts.sol; vectors/bundles.json binds both.
 * Two contents of one subject, signed by one key, cost him his stake: so an attester keeps the {factText} of whatever
 * he signed.
 */
export type Fact =
  | { kind: "opened"; base: bigint; index: number; owner: Address; deadline: number; leg: Hex }
  | { kind: "prepared"; id: Hex }
  | { kind: "receipt"; ordinal: bigint; status: Settled; result: Hex; relayer: Address }
  | { kind: "decision"; id: Hex; base: bigint; outcome: Decided }
  | { kind: "seated"; epoch: number; totalWeight: bigint; seats: readonly Seat[] }
  /** In the first second of this day (unix days) this epoch was the hub's current one: that renews its set elsewhere. */
  | { kind: "current"; day: number; epoch: number };
export type Seat = { key: Address; weight: bigint };

const KINDS = { opened: 1, prepared: 2, receipt: 3, decision: 4, seated: 5, current: 6 } as const;
const NOTHING: Hex = `0x${"00".repeat(32)}`;
/** Of a leg that did not run: it returned nothing, and nobody is owed for it. */
export const NO_RESULT = NOTHING;
export const NOBODY: Address = `0x${"00".repeat(20)}`;

const word = (value: bigint | number): Hex => `0x${uintWord(value, 256)}`;
const hashOf = (...words: readonly string[]): Hex => keccak256(`0x${words.join("")}`);

/** What of a fact may never be said twice differently: its kind and its subject. */
export function factSubject(fact: Fact): { kind: number; subject: Hex } {
  return { kind: KINDS[fact.kind], subject: subjectOf(fact) };
}

function subjectOf(fact: Fact): Hex {
  switch (fact.kind) {
    case "opened":
      return word(fact.base + BigInt(fact.index));
    case "prepared":
    case "decision":
      return fact.id;
    case "receipt":
      return word(fact.ordinal);
    case "seated":
      return word(fact.epoch);
    case "current":
      return word(fact.day);
    default:
      return never(fact);
  }
}

export function factContent(fact: Fact): Hex {
  switch (fact.kind) {
    case "opened":
      return hashOf(
        uintWord(fact.base, 64),
        addressWord(fact.owner),
        uintWord(fact.deadline, 40),
        bytes32Word(fact.leg),
      );
    case "prepared":
      return NOTHING;
    case "receipt":
      return hashOf(
        uintWord(LEG_STATUSES.indexOf(fact.status), 8),
        bytes32Word(fact.result),
        addressWord(fact.relayer),
      );
    case "decision":
      return hashOf(uintWord(fact.base, 64), uintWord(OUTCOMES.indexOf(fact.outcome), 8));
    case "seated":
      return hashOf(
        uintWord(fact.totalWeight, 256),
        // Where the list begins, and its length.
        uintWord(64, 256),
        uintWord(fact.seats.length, 256),
        ...fact.seats.map(({ key, weight }) => uintWord((BigInt(key) << 96n) | weight, 256)),
      );
    case "current":
      return hashOf(uintWord(fact.epoch, 32));
    default:
      return never(fact);
  }
}

/** Subject and content as text, as far apart as their hashes and cheaper: what an attester keeps, and can read again. */
export function factText(fact: Fact): { subject: string; content: string } {
  switch (fact.kind) {
    case "opened":
      return {
        subject: `opened ${fact.base + BigInt(fact.index)}`,
        content: `${fact.base} ${fact.owner.toLowerCase()} ${fact.deadline} ${fact.leg}`,
      };
    case "prepared":
      return { subject: `prepared ${fact.id}`, content: "" };
    case "receipt":
      return {
        subject: `receipt ${fact.ordinal}`,
        content: `${fact.status} ${fact.result} ${fact.relayer.toLowerCase()}`,
      };
    case "decision":
      return { subject: `decision ${fact.id}`, content: `${fact.base} ${fact.outcome}` };
    case "seated":
      return {
        subject: `seated ${fact.epoch}`,
        content: [
          fact.totalWeight,
          ...fact.seats.map(({ key, weight }) => `${key.toLowerCase()}:${weight}`),
        ].join(" "),
      };
    case "current":
      return { subject: `current ${fact.day}`, content: `${fact.epoch}` };
    default:
      return never(fact);
  }
}

/** The leaf. It is of 96 bytes and an inner node of 64, so neither can stand for the other. */
export function factLeaf(fact: Fact): Hex {
  const { kind, subject } = factSubject(fact);
  return hashOf(uintWord(kind, 256), bytes32Word(subject), bytes32Word(factContent(fact)));
}

/** What is signed: the facts of one batch, in the order in which the contracts will be handed them. */
export const factTree = (facts: readonly Fact[]) => treeInOrder(facts.map(factLeaf));

/** The contract that attesters sign for: at one address on every chain, named with the hub's, so a signature holds on all. */
export type AttestersAt = { chainId: number; attesters: Address };
/** A batch as its signers see it. `validUntil` is unix seconds. */
export type SignedBatch = { epoch: number; validUntil: number; root: Hex };

/** EIP-712 of what attesters sign, as Attesters.sol checks it. */
export const batchTypedData = ({ chainId, attesters }: AttestersAt, batch: SignedBatch) =>
  ({
    domain: { name: "Sooth Attesters", version: "1", chainId, verifyingContract: attesters },
    types: {
      Batch: [
        { name: "epoch", type: "uint32" },
        { name: "validUntil", type: "uint40" },
        { name: "root", type: "bytes32" },
      ],
    },
    primaryType: "Batch",
    message: batch,
  }) as const;

const typeHash = (type: string): string => keccak256(stringToBytes(type)).slice(2);
const DOMAIN = [
  typeHash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
  typeHash("Sooth Attesters"),
  typeHash("1"),
];
const BATCH = typeHash("Batch(uint32 epoch,uint40 validUntil,bytes32 root)");

/** The digest of {@link batchTypedData}, for whoever signs or checks many: viem puts the types together anew each time. */
export function batchDigest({ chainId, attesters }: AttestersAt, batch: SignedBatch): Hex {
  const domain = hashOf(...DOMAIN, uintWord(chainId, 256), addressWord(attesters));
  const { epoch, validUntil, root } = batch;
  const struct = hashOf(BATCH, uintWord(epoch, 32), uintWord(validUntil, 40), bytes32Word(root));
  return keccak256(`0x1901${domain.slice(2)}${struct.slice(2)}`);
}
