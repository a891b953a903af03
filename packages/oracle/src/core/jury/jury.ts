import type { Address, Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";

/** Seats of a jury at most: two bits each in its word. Source: Draw.sol. */
export const MAX_JURY_SIZE = 101;
/** Jurors of a snapshot at most: one byte names one, one word excludes any of them. */
export const MAX_JURORS = 256;

/** What a jury is the hash of, as `JuryOpened` logs it. Times are of the court clock. */
export type Jury = {
  arbitrable: Address;
  subject: Hex;
  size: number;
  jurorEpoch: number;
  /** Bitmap over the snapshot: who may not sit. */
  excluded: bigint;
  /** Collateral for all seats together. */
  fee: bigint;
  openedAt: number;
  beaconRound: bigint;
};

/** Constants of the court's deployment, seconds. */
export type CourtWindows = { evidence: number; commit: number; reveal: number };
export type JuryPhase = "evidence" | "commit" | "reveal" | "over";

const terms = [
  {
    type: "tuple",
    components: [
      { type: "address", name: "arbitrable" },
      { type: "bytes32", name: "subject" },
      { type: "uint8", name: "size" },
      { type: "uint32", name: "jurorEpoch" },
      { type: "uint256", name: "excluded" },
      { type: "uint96", name: "fee" },
      { type: "uint40", name: "openedAt" },
      { type: "uint64", name: "beaconRound" },
    ],
  },
] as const;

/** `Court.idOf`. */
export const juryId = (jury: Jury): Hex => keccak256(encodeAbiParameters(terms, [jury]));

/** The first second of each window that follows the evidence, and the first after all. Mirror of `Court.windowsOf`. */
export function juryWindows(jury: Pick<Jury, "openedAt">, windows: CourtWindows) {
  const commitAt = jury.openedAt + windows.evidence;
  const revealAt = commitAt + windows.commit;
  return { commitAt, revealAt, endsAt: revealAt + windows.reveal };
}

/** Which window `clock`, of the court, lies in. */
export function juryPhase(jury: Pick<Jury, "openedAt">, windows: CourtWindows, clock: number): JuryPhase {
  const { commitAt, revealAt, endsAt } = juryWindows(jury, windows);
  if (clock < commitAt) return "evidence";
  if (clock < revealAt) return "commit";
  return clock < endsAt ? "reveal" : "over";
}
