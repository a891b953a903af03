import type { Address, Hex } from "@sooth/kernel";
import type { Note } from "@sooth/oracle/core";
import { verify } from "@sooth/randomness/core";
import {
  openStance,
  sealComplaint,
  type SealFault,
  type StanceBeacon,
  stanceRound,
  stancesOpenAt,
} from "../opinions/sealed-stance.ts";
import { stanceOf } from "../rules/bands.ts";
import type { OpinionLedger, ProvenOpinions } from "./opinion-ledger.ts";

/** A stance that its owner locked to the beacon's round after closing. */
export type ProvenSeal = {
  owner: Address;
  /** "none": he sealed nothing. "locked": its round is not out, or nobody gave its signature. */
  seal: "opens" | "locked" | "none" | SealFault;
  /** 0 to 100; null where the seal opens to nothing. */
  opened: number | null;
  /** As the chain was told; null where nobody told it. */
  told: number | null;
};
/** The beacon's signature of a round, from wherever it came: it is checked. Null: nobody gave it. */
export type RoundSignatures = (round: bigint) => Hex | null;

const beaconOf = ({ domain: { params } }: OpinionLedger): StanceBeacon => ({
  publicKey: params.beaconKey,
  genesis: params.beaconGenesis,
  period: params.beaconPeriodSeconds,
  // Opinion markets and juries wait out the same lag.
  clockLag: params.drawDelaySeconds,
});

/** The round whose signature opens what was sealed in this market; null where nothing was, or where it is not out at `now`. */
export function roundToOpen(ledger: OpinionLedger, { terms, seals }: ProvenOpinions, now: number) {
  if (!terms || [...seals.values()].every((sealed) => sealed === "0x")) return null;
  const beacon = beaconOf(ledger);
  return now < stancesOpenAt(beacon, terms) ? null : stanceRound(beacon, terms);
}

/**
 * Opens every sealed stance as anybody can once the round is out, and holds what it hides against what the chain was told. What is
 * sealed wrongly costs its owner alone, and is no fault of the market: it is named, and so is a stance that opens and that nobody told.
 * Some 50 ms of arithmetic each.
 */
export function openSealed(
  ledger: OpinionLedger,
  book: ProvenOpinions,
  o: { signatureOf: RoundSignatures; now: number },
  note: Note,
): ProvenSeal[] {
  const { terms, id: market } = book;
  if (!terms) return [];
  const beacon = beaconOf(ledger);
  const round = stanceRound(beacon, terms);
  const signature = signatureToOpen(ledger, book, o, note);
  const toldUntil = terms.closesAt + terms.revealSeconds;
  return [...book.seals].flatMap(([owner, sealed]): ProvenSeal[] => {
    const opinion = book.opinions.get(owner);
    const commitment = book.commitments.get(owner);
    if (!opinion || commitment === undefined) return [];
    const told = opinion.band === null ? null : stanceOf(opinion.band);
    const row = (seal: ProvenSeal["seal"], opened: number | null): ProvenSeal[] => [
      { owner: opinion.owner, seal, opened, told },
    ];
    const untold = o.now < toldUntil ? `may be told until ${toldUntil}` : "was never told";
    const fate = told === null ? `his stance ${untold}` : `he told stance ${told} himself`;
    if (sealed === "0x") {
      note.tell(`${opinion.owner} sealed nothing: ${fate}`);
      return row("none", null);
    }
    const garbage = (fault: SealFault) => {
      note.tell(`${opinion.owner} sealed what opens to no stance (${fault}): ${fate}`);
      return row(fault, null);
    };
    const complaint = sealComplaint(sealed, round);
    if (complaint !== null) return garbage(complaint);
    if (signature === null) return row("locked", null);
    const open = openStance({ market, owner: opinion.owner, commitment, sealed }, { round, signature });
    if ("fault" in open) return garbage(open.fault);
    const opened = stanceOf(open.band);
    if (told === null) note.tell(`${opinion.owner} sealed stance ${opened} validly, and it ${untold}`);
    else
      note.compare(`stance that ${opinion.owner} sealed, by the signature of round ${round}`, opened, told);
    return row("opens", opened);
  });
}

function signatureToOpen(
  ledger: OpinionLedger,
  book: ProvenOpinions,
  { signatureOf, now }: { signatureOf: RoundSignatures; now: number },
  note: Note,
): Hex | null {
  const round = roundToOpen(ledger, book, now);
  if (round === null) return null;
  const proved = ledger.oracle.signatures.get(round) ?? null;
  const signature = proved ?? signatureOf(round);
  if (signature === null) {
    note.tell(`nobody gave the beacon's signature of round ${round}: sealed stances are not opened`);
    return null;
  }
  if (proved !== null || verify(ledger.domain.params.beaconKey, round, signature)) {
    note.tell(`the beacon's signature of round ${round} opens what was sealed: ${signature}`);
    return signature;
  }
  note.differ(`the signature of round ${round} that was given is not the beacon's`);
  return null;
}
