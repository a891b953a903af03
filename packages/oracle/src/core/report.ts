import { type Address, ascending, type Hex } from "@sooth/kernel";
import {
  concatHex,
  hashTypedData,
  hexToBigInt,
  numberToHex,
  parseCompactSignature,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  size,
  slice,
} from "viem";
import { seatsOf } from "./answer-word.ts";

/** Where signatures count: one oracle on one chain. A report signed for another means nothing here. */
export type OracleDomain = { chainId: number; oracle: Address };
/** What a provider signs; with a root it is that, and the value is 0. */
export type Report = { question: Hex; value: bigint; root?: Hex | null; epoch: number; round: number };
/** What a provider signs for a Root question. */
export type RootReport = Omit<Report, "value"> & { root: Hex };
/** What binds a provider to what it read: `hash` is the sha256 of the evidence bundle. */
export type EvidenceClaim = { question: Hex; round: number; hash: Hex };
/** A report of one seat, with its 65-byte signature. */
export type SeatReport = { seat: number; value: bigint; root?: Hex | null; signature: Hex };

export const signingDomain = ({ chainId, oracle }: OracleDomain) =>
  ({ name: "Sooth", version: "1", chainId, verifyingContract: oracle }) as const;

/** EIP-712 of `Report`, as `Oracle.reportDigest` computes it. */
export const reportTypedData = (domain: OracleDomain, { question, value, epoch, round }: Report) =>
  ({
    domain: signingDomain(domain),
    types: {
      Report: [
        { name: "question", type: "bytes32" },
        { name: "value", type: "int96" },
        { name: "epoch", type: "uint32" },
        { name: "round", type: "uint8" },
      ],
    },
    primaryType: "Report",
    message: { question, value, epoch, round },
  }) as const;

/** EIP-712 of `RootReport`, as `Oracle.rootDigest` computes it. */
export const rootTypedData = (domain: OracleDomain, { question, root, epoch, round }: RootReport) =>
  ({
    domain: signingDomain(domain),
    types: {
      RootReport: [
        { name: "question", type: "bytes32" },
        { name: "root", type: "bytes32" },
        { name: "epoch", type: "uint32" },
        { name: "round", type: "uint8" },
      ],
    },
    primaryType: "RootReport",
    message: { question, root, epoch, round },
  }) as const;

/** EIP-712 of `Evidence`. Without an epoch: what was read stays true when the signer set changes. */
export const evidenceTypedData = (domain: OracleDomain, claim: EvidenceClaim) =>
  ({
    domain: signingDomain(domain),
    types: {
      Evidence: [
        { name: "question", type: "bytes32" },
        { name: "round", type: "uint8" },
        { name: "hash", type: "bytes32" },
      ],
    },
    primaryType: "Evidence",
    message: claim,
  }) as const;

/** EIP-712 of `Possession`: what a signing key signs so that `owner` may name it. Source: Stakes.sol. */
export const possessionTypedData = (
  { chainId, stakeManager }: { chainId: number; stakeManager: Address },
  owner: Address,
) =>
  ({
    domain: { name: "Sooth Stakes", version: "1", chainId, verifyingContract: stakeManager },
    types: { Possession: [{ name: "owner", type: "address" }] },
    primaryType: "Possession",
    message: { owner },
  }) as const;

/** Of whatever the report says: a value or a root. */
export const reportDigest = (domain: OracleDomain, report: Report): Hex =>
  report.root
    ? hashTypedData(rootTypedData(domain, { ...report, root: report.root }))
    : hashTypedData(reportTypedData(domain, report));
export const evidenceDigest = (domain: OracleDomain, claim: EvidenceClaim): Hex =>
  hashTypedData(evidenceTypedData(domain, claim));

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const COMPACT = 64;
const ENTRY = 77;

/**
 * r | vs (EIP-2098, 64 bytes) of a 65-byte signature. The mirror image with a high s is turned into the one with a low
 * s, which the contract asks for: both come from the same key.
 */
export function compactSignature(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  const high = hexToBigInt(s) > ORDER / 2n;
  return serializeCompactSignature(
    signatureToCompactSignature(
      high
        ? { r, s: numberToHex(ORDER - hexToBigInt(s), { size: 32 }), yParity: 1 - yParity }
        : { r, s, yParity },
    ),
  );
}

/** The 65-byte form of r | vs. */
export function fullSignature(compact: Hex): Hex {
  const { r, yParityAndS } = parseCompactSignature(compact);
  const word = hexToBigInt(yParityAndS);
  const s = numberToHex(BigInt.asUintN(255, word), { size: 32 });
  return concatHex([r, s, word >> 255n === 1n ? "0x1c" : "0x1b"]);
}

/**
 * The 65 bytes as contracts recover them: v of 27 or 28, s low. Whoever checks signatures here takes v of 0 or 1 too, so who
 * signs chooses how it is written, and a proof against him must not hang on that.
 */
export const provableSignature = (signature: Hex): Hex => fullSignature(compactSignature(signature));

/** Mode V1: seat (1) | value int96 (12) | r | vs for each, ascending by value and then by seat. */
export const packEntries = (reports: readonly SeatReport[]): Hex =>
  concatHex(
    reports
      .toSorted((a, b) => ascending(a.value, b.value) || ascending(a.seat, b.seat))
      .map(({ seat, value, signature }) =>
        concatHex([
          numberToHex(seat, { size: 1 }),
          numberToHex(value, { size: 12, signed: true }),
          compactSignature(signature),
        ]),
      ),
  );

/** Mode V2: r | vs of each, ascending by seat. */
export const packAgreed = (reports: readonly SeatReport[]): Hex =>
  concatHex(
    reports.toSorted((a, b) => ascending(a.seat, b.seat)).map(({ signature }) => compactSignature(signature)),
  );

/**
 * What the `Answered` log carries, back as the reports of the seats: own-value entries or co-signatures of `value`,
 * which of them follows from the length. Null when the bytes are neither.
 */
export function unpackReport(packed: Hex, seats: bigint, value: bigint): SeatReport[] | null {
  const signers = seatsOf(seats);
  const length = size(packed);
  if (signers.length === 0) return null;
  if (length === signers.length * COMPACT)
    return signers.map((seat, index) => ({
      seat,
      value,
      signature: fullSignature(slice(packed, index * COMPACT, (index + 1) * COMPACT)),
    }));
  if (length !== signers.length * ENTRY) return null;
  return signers.map((_, index) => entryAt(packed, index));
}

/** Own-value entries of whatever seats, as anybody may have logged them. Entries without a signature are passed over. */
export function unpackEntries(packed: Hex): SeatReport[] {
  if (size(packed) % ENTRY !== 0) return [];
  return Array.from({ length: size(packed) / ENTRY }, (_, index) => index).flatMap((index) => {
    try {
      return [entryAt(packed, index)];
    } catch {
      return []; // bytes that are no signature
    }
  });
}

/** Seat (1) | value int96 (12) | r | vs. Source: IOracle.reportValues. */
function entryAt(packed: Hex, index: number): SeatReport {
  const entry = slice(packed, index * ENTRY, (index + 1) * ENTRY);
  return {
    seat: Number(hexToBigInt(slice(entry, 0, 1))),
    value: BigInt.asIntN(96, hexToBigInt(slice(entry, 1, 13))),
    signature: fullSignature(slice(entry, 13, ENTRY)),
  };
}
