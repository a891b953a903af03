import { type Address, ascending, type Hex } from "@sooth/kernel";
import { encodeAbiParameters, hashTypedData, keccak256, size } from "viem";
import { seatsOf } from "../answer-word.ts";
import { type OracleDomain, rootTypedData, unpackReport } from "../report.ts";
import { cosignFrom } from "./phase.ts";

/** Which batch of commitments, of what: what a quorum co-signs before the contract takes its hash. */
export type BatchName = { question: Hex; epoch: number; round: number; phase: number; chained: Hex };
/** A seat's signature under a batch, 65 bytes. */
export type BatchSignature = Omit<BatchName, "question"> & { seat: number; signature: Hex };

/**
 * What stands for the question in the signature: another id for each phase, so that who signs two batches of one phase
 * signs two roots for one question, which is equivocation. Source: IOracle.commitReports.
 */
export const batchQuestion = (question: Hex, phase: number | bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [question, BigInt(phase)]));

/** EIP-712 of `RootReport` over a batch, as `Oracle.rootDigest` computes it of the bound id. */
export const batchTypedData = (domain: OracleDomain, { question, phase, chained, epoch, round }: BatchName) =>
  rootTypedData(domain, { question: batchQuestion(question, phase), root: chained, epoch, round });

export const batchDigest = (domain: OracleDomain, batch: BatchName): Hex =>
  hashTypedData(batchTypedData(domain, batch));

/** Bytes of r | vs. */
const COMPACT = 64;

/** What the `ReportsCommitted` log carries, back as signatures of seats; null when the bytes are none. */
export const batchSignatures = (
  batch: Omit<BatchSignature, "seat" | "signature">,
  seats: bigint,
  packed: Hex,
): BatchSignature[] | null =>
  size(packed) === COMPACT * seatsOf(seats).length
    ? (unpackReport(packed, seats, 0n)?.map(({ seat, signature }) => ({ ...batch, seat, signature })) ?? null)
    : null;

/** A commitment in a batch, as its seat signed it. */
export type BatchClaim = { seat: number; commitment: Hex; signature: Hex };
/** A batch of which it was checked that it may be signed. `seats`: how many are in it. */
export type SignableBatch = { chained: Hex; seats: number };

/**
 * The one batch of a phase that a node signs; null while it is better to wait. A batch with every seat at once, if every
 * collector that answers shows it; from `cosignFrom` on the one with most seats, of equal ones the lowest hash: so that all who
 * see the same sign the same, also where a seat gave each collector another commitment.
 * @param shown by each collector that answers
 * @param now chain time, unix seconds
 */
export function chooseBatch<B extends SignableBatch>(
  shown: readonly (readonly B[])[],
  o: { seats: number; phase: number; seconds: number; now: number },
): B | null {
  const [first = []] = shown;
  const agreed = first.filter(
    ({ chained, seats }) =>
      seats === o.seats && shown.every((batches) => batches.some((batch) => batch.chained === chained)),
  );
  const candidates = agreed.length > 0 ? agreed : o.now < cosignFrom(o.phase, o.seconds) ? [] : shown.flat();
  const [best] = candidates.toSorted(
    (a, b) => b.seats - a.seats || ascending(BigInt(a.chained), BigInt(b.chained)),
  );
  return best ?? null;
}

/** A claim to a seat's commitment, with whose key signed it; null: nobody's. */
export type ReadClaim = { seat: number; commitment: Hex; signer: Address | null };

/**
 * Why a batch is none, null when nothing speaks against it: each commitment must be signed by the key of its seat, and the seats
 * must ascend. A seat that is in it twice could be opened by choice once the others are seen.
 */
export function claimsComplaint(
  claims: readonly ReadClaim[],
  seats: readonly { signer: string }[],
): string | null {
  const nobody = claims.find(
    ({ seat, signer }) => signer === null || seats[seat]?.signer !== signer.toLowerCase(),
  );
  if (nobody) return `seat ${nobody.seat} has not signed its commitment`;
  const ascends = claims.every(({ seat }, index) => index === 0 || seat > (claims[index - 1]?.seat ?? seat));
  return ascends ? null : "its seats do not ascend";
}

/**
 * Why a node neither signs a batch nor opens for it; null when nothing speaks against it.
 * @param own what this node handed over of the phase; null: nothing. Its seat must be in the batch with that, or not at all
 */
export function batchComplaint(
  claims: readonly ReadClaim[],
  seats: readonly { signer: string }[],
  { seat: mine, commitment: own }: { seat: number; commitment: Hex | null },
): string | null {
  const found = claims.find(({ seat }) => seat === mine)?.commitment ?? null;
  return (
    claimsComplaint(claims, seats) ?? (found === own ? null : "it does not hold what this node committed to")
  );
}
