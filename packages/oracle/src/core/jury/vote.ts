import type { Address, Hex } from "@sooth/kernel";
import { encodePacked, hashTypedData, keccak256 } from "viem";

/** Where votes count: one court on one chain. */
export type CourtDomain = { chainId: number; court: Address };
/** 1 the answer stands, 2 the claim does, 3 neither: what they mean is the arbitrable's. */
export type JuryChoice = 1 | 2 | 3;
/** What a juror keeps to himself until the reveal window. `juror` is his index in the snapshot, `salt` 16 bytes. */
export type JuryBallot = { juror: number; choice: JuryChoice; salt: Hex };

/** What every vote states. Source: Openings.sol. */
export const VOTE_STATEMENT = "I hold no position in what this jury decides.";

/** Bound to jury and juror, so that a copy opens nothing. Mirror of `Court.commitmentOf`. */
export const voteCommitment = (jury: Hex, { juror, choice, salt }: JuryBallot): Hex =>
  keccak256(encodePacked(["bytes32", "uint8", "uint8", "bytes16"], [jury, choice, juror, salt]));

/** EIP-712 of `Vote`, as `Court.voteDigest` computes it. */
export const voteTypedData = (domain: CourtDomain, jury: Hex, commitment: Hex) =>
  ({
    domain: { name: "Sooth", version: "1", chainId: domain.chainId, verifyingContract: domain.court },
    types: {
      Vote: [
        { name: "jury", type: "bytes32" },
        { name: "commitment", type: "bytes32" },
        { name: "statement", type: "string" },
      ],
    },
    primaryType: "Vote",
    message: { jury, commitment, statement: VOTE_STATEMENT },
  }) as const;

export const voteDigest = (domain: CourtDomain, jury: Hex, commitment: Hex): Hex =>
  hashTypedData(voteTypedData(domain, jury, commitment));
