import type { Hex } from "@sooth/kernel";
import { concatHex, hexToNumber, keccak256, numberToHex, size, slice } from "viem";
import { compactSignature, fullSignature } from "../report.ts";
import { type JuryBallot, type JuryChoice, voteCommitment } from "./vote.ts";

/** One place of a batch: opened, with the juror's 65-byte signature, or passed over with his commitment as it is. */
export type Opening = (JuryBallot & { signature: Hex }) | { commitment: Hex };

const OPENED = 82;
const PASSED_OVER = 33;
const isChoice = (value: number): value is JuryChoice => value === 1 || value === 2 || value === 3;

/** What `Court.postCommits` stores: the hash of the batch's commitments, one after the other. */
export const batchHash = (commitments: readonly Hex[]): Hex => keccak256(concatHex(commitments));

/** What `opening` opens: it must equal the commitment at its place in the batch. */
export const openedCommitment = (jury: Hex, opening: Opening): Hex =>
  "commitment" in opening ? opening.commitment : voteCommitment(jury, opening);

/** Calldata of `Court.reveal`, in the order of the batch. */
export const packOpenings = (openings: readonly Opening[]): Hex =>
  concatHex(
    openings.map((opening) =>
      "commitment" in opening
        ? concatHex(["0x00", opening.commitment])
        : concatHex([
            numberToHex(opening.choice, { size: 1 }),
            numberToHex(opening.juror, { size: 1 }),
            opening.salt,
            compactSignature(opening.signature),
          ]),
    ),
  );

/** `packOpenings` back. Null when the bytes are none. */
export function unpackOpenings(packed: Hex): Opening[] | null {
  const openings: Opening[] = [];
  const end = size(packed);
  let from = 0;
  while (from < end) {
    const choice = hexToNumber(slice(packed, from, from + 1));
    const to = from + (choice === 0 ? PASSED_OVER : OPENED);
    if (to > end) return null;
    if (choice === 0) openings.push({ commitment: slice(packed, from + 1, to) });
    else if (isChoice(choice))
      openings.push({
        choice,
        juror: hexToNumber(slice(packed, from + 1, from + 2)),
        salt: slice(packed, from + 2, from + 18),
        signature: fullSignature(slice(packed, from + 18, to)),
      });
    else return null;
    from = to;
  }
  return openings;
}
