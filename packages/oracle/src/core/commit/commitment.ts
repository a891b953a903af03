import type { Hex } from "@sooth/kernel";
import {
  concatHex,
  encodeAbiParameters,
  hexToNumber,
  keccak256,
  numberToHex,
  size,
  slice,
  zeroHash,
} from "viem";
import { isSentinel } from "../answer-word.ts";
import { signingDomain, type OracleDomain } from "../report.ts";
import type { Terms } from "../terms.ts";

/** Whose value is committed to, for what; with the salt that hides it. */
export type Committed = {
  question: Hex;
  epoch: number;
  round: number;
  seat: number;
  value: bigint;
  salt: Hex;
};

const COMMITMENT = [
  { type: "bytes32" },
  { type: "uint32" },
  { type: "uint8" },
  { type: "uint8" },
  { type: "int96" },
  { type: "bytes32" },
] as const;

/** What stands in a batch for one report. Source: IOracle.reportCommitted. */
export const commitmentOf = ({ question, epoch, round, seat, value, salt }: Committed): Hex =>
  keccak256(encodeAbiParameters(COMMITMENT, [question, epoch, round, seat, value, salt]));

/**
 * The salt is made of a secret, and of what the value rests on: whoever commits is bound to his evidence and to the
 * question as it was clarified, though the contract sees 32 bytes.
 * @param secret 32 random bytes
 * @param evidence sha256 of the bundle
 * @param clarified hash over the clarifications that were read, 16 bytes; null for none
 */
export const saltOf = (o: { secret: Hex; evidence: Hex; clarified: Hex | null }): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "bytes32" }, { type: "bytes32" }, { type: "bytes16" }],
      [o.secret, o.evidence, o.clarified ?? slice(zeroHash, 0, 16)],
    ),
  );

/** What is stored of a batch. Source: IOracle.commitReports. */
export const chainedHash = (commitments: readonly Hex[]): Hex => keccak256(concatHex([...commitments]));

/** Place in the batch (1) | salt (32). Source: IOracle.reportCommitted. */
const OPENING = 33;

/** One for each entry, in their order. */
export const packPlaces = (openings: readonly { place: number; salt: Hex }[]): Hex =>
  concatHex(openings.map(({ place, salt }) => concatHex([numberToHex(place, { size: 1 }), salt])));

/** Null when the bytes are not one opening for each of `count` entries. */
export function unpackPlaces(packed: Hex, count: number): { place: number; salt: Hex }[] | null {
  if (size(packed) !== count * OPENING) return null;
  return Array.from({ length: count }, (_, index) => {
    const opening = slice(packed, index * OPENING, (index + 1) * OPENING);
    return { place: hexToNumber(slice(opening, 0, 1)), salt: slice(opening, 1) };
  });
}

/** What a provider signs to hand a commitment over: that it is his, of this phase. */
export type CommitmentClaim = {
  question: Hex;
  epoch: number;
  round: number;
  phase: number;
  commitment: Hex;
};

/** EIP-712 of `Commitment`. No contract asks for it: it says to collectors and providers whose commitments a batch holds. */
export const commitmentTypedData = (domain: OracleDomain, claim: CommitmentClaim) =>
  ({
    domain: signingDomain(domain),
    types: {
      Commitment: [
        { name: "question", type: "bytes32" },
        { name: "epoch", type: "uint32" },
        { name: "round", type: "uint8" },
        { name: "phase", type: "uint64" },
        { name: "commitment", type: "bytes32" },
      ],
    },
    primaryType: "Commitment",
    message: { ...claim, phase: BigInt(claim.phase) },
  }) as const;

/** Whether values of a question are committed before they are shown. What is no value needs no commitment: see the decision. */
export const commitsFirst = (
  { aggregation, secures }: Pick<Terms, "aggregation" | "secures">,
  tier: bigint,
): boolean => aggregation !== "root" && secures >= tier;
const SECURED_TIMES = 3n;

/**
 * What must sign a question of which `secures` rests on the answer: less is no answer. Source: IOracle.Oracle_Undersecured.
 */
export const securingWeight = (secures: bigint): bigint => SECURED_TIMES * secures;

/** Whether all who may sign could answer at all. Where they could not, nobody commits to anything, and nothing is stored. */
export const canSecure = ({ secures }: Pick<Terms, "secures">, totalWeight: bigint): boolean =>
  totalWeight >= securingWeight(secures);

/**
 * Whether reports that are not in the answer count as late. Of the top tier they are a copy or were not opened in time, unless
 * the answer is that there is none: then nobody showed a value.
 */
export const takesLate = (
  terms: Pick<Terms, "aggregation" | "secures">,
  tier: bigint,
  answer: bigint,
): boolean => !isHidden(terms, tier, answer);

export const isHidden = (
  terms: Pick<Terms, "aggregation" | "secures">,
  tier: bigint,
  value: bigint,
): boolean => commitsFirst(terms, tier) && !isSentinel(value);
