import { at, sameAddress } from "@sooth/kernel";
import { decodeSeat, type Seat } from "../weights.ts";
import type { LogPlace } from "./decode-logs.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain } from "./proof-log.ts";
import type { Staker } from "./stake-book.ts";

/** Who may be drawn, as the stake manager lists them, and the snapshots that juries are drawn from. Mirror of Jurors.sol. */
export type JurorBook = {
  /** Owners in the contract's order: whoever goes is replaced by the last. */
  list: string[];
  /** Who went last, and from where: somebody may take his place in the same breath. */
  gone: { owner: string; place: number; moved: boolean; log: LogPlace } | null;
  snapshots: Map<number, readonly Seat[]>;
  latest: number;
};
export const openJurorBook = (): JurorBook => ({ list: [], gone: null, snapshots: new Map(), latest: 0 });

/** How a snapshot is named as the subject of a finding. */
export const snapshotName = (epoch: number): string => `jurors, epoch ${epoch}`;

const MAX_JURORS = 256;

export function enrol(
  book: JurorBook,
  stakers: ReadonlyMap<string, Staker>,
  log: OracleLogOf<"JurorSet">,
  note: Note,
): void {
  const owner = log.args.owner.toLowerCase();
  const staker = stakers.get(owner);
  const place = book.list.indexOf(owner);
  if ((place === -1) !== log.args.willing)
    return note.differ(`${owner} ${log.args.willing ? "is a juror already" : "is no juror"}`);
  if (!log.args.willing) {
    const isFull = book.list.length === MAX_JURORS;
    const last = at(book.list, book.list.length - 1);
    book.list[place] = last;
    book.list.pop();
    book.gone = isFull ? { owner, place, moved: last !== owner, log } : null;
    if (staker) staker.jurorSince = 0;
    return undefined;
  }
  if (staker) [staker.jurorSince, staker.young] = [log.at, 0n];
  else note.differ(`${owner} would be a juror and has no stake in the logs`);
  const { gone } = book;
  const displaces =
    gone !== null && gone.log.transaction === log.transaction && gone.log.logIndex + 1 === log.logIndex;
  if (displaces && gone.moved) {
    // A place that is claimed keeps its place in the list.
    book.list.push(at(book.list, gone.place));
    book.list[gone.place] = owner;
  } else book.list.push(owner);
  book.gone = null;
  return undefined;
}

/** What a juror adds to his stake seasons on its own, all of it anew with each addition. */
export function season(
  book: JurorBook,
  staker: Staker,
  { args, at: now }: OracleLogOf<"StakeAdded">,
  seasoningSeconds: number,
): void {
  if (!book.list.includes(args.owner.toLowerCase())) return;
  staker.young = youngOf(staker, now, seasoningSeconds) + args.amount;
  staker.youngSince = now;
}

const youngOf = ({ young, youngSince }: Staker, now: number, seconds: number): bigint =>
  now < youngSince + seconds ? young : 0n;

/** The snapshot that the logs of joining, adding, slashing and leaving give, against the one that was taken. */
export function takeSnapshot(
  book: JurorBook,
  stakers: ReadonlyMap<string, Staker>,
  { args, at: now }: OracleLogOf<"JurorsTaken">,
  { minStake, seasoningSeconds }: ProofDomain["params"],
  note: Note,
): void {
  note.compare("number of the snapshot of jurors", book.latest + 1, args.jurorEpoch);
  const wanted = book.list.flatMap((owner): Seat[] => {
    const staker = stakers.get(owner);
    if (!staker) return [];
    const young = youngOf(staker, now, seasoningSeconds);
    const sits =
      now >= staker.jurorSince + seasoningSeconds &&
      staker.stake >= minStake &&
      staker.stake > young &&
      staker.suspendedUntil <= now;
    return sits ? [{ signer: staker.signer as Seat["signer"], weight: staker.stake - young }] : [];
  });
  const taken = args.jurors.map(decodeSeat);
  note.compare(`jurors of snapshot ${args.jurorEpoch}`, wanted.length, taken.length);
  for (const [juror, { signer, weight }] of wanted.entries()) {
    const other = taken[juror];
    if (!other) continue;
    if (!sameAddress(signer, other.signer))
      note.differ(`juror ${juror} is ${signer}, the log says ${other.signer}`);
    else note.compare(`weight of juror ${juror} (${signer})`, weight, other.weight);
  }
  const total = taken.reduce((sum, { weight }) => sum + weight, 0n);
  note.compare(`weight of snapshot ${args.jurorEpoch}`, total, args.totalWeight);
  book.snapshots.set(args.jurorEpoch, taken);
  book.latest = args.jurorEpoch;
}
