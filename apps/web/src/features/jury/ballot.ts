import { t } from "@lingui/core/macro";
import type { Hex } from "@sooth/kernel";
import { type JuryBallot, voteCommitment } from "@sooth/oracle/core";
import { toHex } from "viem";

/** A vote and what opens it. Whoever has it before the reveal window can show how its juror votes. */
export type KeptBallot = JuryBallot & { jury: Hex; commitment: Hex };

const SALT_BYTES = 16;
const keyOf = (jury: string, juror: number) => `sooth.ballot.${jury.toLowerCase()}.${juror}`;

/** A vote with a salt of this page's own chance. */
export function newBallot(jury: Hex, juror: number, choice: 1 | 2 | 3): KeptBallot {
  const salt = toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  return { jury, juror, choice, salt, commitment: voteCommitment(jury, { juror, choice, salt }) };
}

export const ballotText = (ballot: KeptBallot): string => `${JSON.stringify(ballot, null, 2)}\n`;

/** A ballot that was saved, for this jury. It must open its own commitment, or it would be refused on chain. */
export function readBallot(text: string, jury: string): { ballot: KeptBallot } | { problem: string } {
  const value = jsonIn(text);
  const fits =
    value !== undefined &&
    /^0x[0-9a-f]{32}$/.test(String(value["salt"])) &&
    [1, 2, 3].includes(Number(value["choice"])) &&
    Number.isInteger(value["juror"]);
  if (!fits) return { problem: t`This file holds no vote.` };
  const ballot = value as unknown as KeptBallot;
  if (ballot.jury.toLowerCase() !== jury.toLowerCase()) return { problem: t`This vote is for another jury.` };
  if (voteCommitment(ballot.jury, ballot) !== ballot.commitment)
    return { problem: t`The vote in this file does not open its commitment.` };
  return { ballot };
}

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "jury" in value && typeof value.jury === "string"
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // no JSON: the caller says so
  }
}

export const keepBallot = (store: Pick<Storage, "setItem">, ballot: KeptBallot): void =>
  store.setItem(keyOf(ballot.jury, ballot.juror), ballotText(ballot));

/** What this browser kept for a juror; undefined when there is nothing that holds. */
export function keptBallot(
  store: Pick<Storage, "getItem">,
  jury: string,
  juror: number,
): KeptBallot | undefined {
  const text = store.getItem(keyOf(jury, juror));
  const read = text === null ? undefined : readBallot(text, jury);
  return read && "ballot" in read && read.ballot.juror === juror ? read.ballot : undefined;
}
