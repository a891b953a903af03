import { type Address, type Amount, sameAddress } from "@sooth/kernel";
import { zeroAddress } from "viem";
import { seatsOf } from "../answer-word.ts";
import { baseWindow, disputeWindow } from "../economy/deposit.ts";
import { newcomerFactorBps } from "../economy/reputation.ts";
import { seatWeights } from "../economy/seat-weights.ts";
import { decodeSeat, familyOf, type SignerSet } from "../weights.ts";
import type { Terms } from "../terms.ts";
import type { LogPlace } from "./decode-logs.ts";
import type { Note } from "./note.ts";
import type { OracleLog, OracleLogOf, ProofDomain } from "./proof-log.ts";
import { splitSlash } from "../economy/slash.ts";
import { enrol, type JurorBook, openJurorBook, season, takeSnapshot } from "./jurors.ts";

/** Source: StakeManager.sol. */
const BURN = "0x000000000000000000000000000000000000dead";

export type Staker = {
  signer: string;
  stake: bigint;
  /** Of language models that he answers by; 0 for a person. */
  family: number;
  /** As a juror: since when, and what he added lately and since when. Unix seconds; 0: none. */
  jurorSince: number;
  young: bigint;
  youngSince: number;
  /** From juries: the latest of all domains. */
  suspendedUntil: number;
};
type Standing = OracleLogOf<"StandingSet">["args"]["standing"];
/** What was said of an owner (lower-case) in a domain, and where. */
export type SetStanding = { domain: number; owner: string; standing: Standing; log: LogPlace };

/** Stakes, keys, places and signer sets, as the stake manager's logs have left them. Addresses are lower-case. */
export type StakeBook = {
  stakers: Map<string, Staker>;
  /** Of every key that was ever named. */
  owners: Map<string, string>;
  banned: Set<string>;
  /** Owners who hold a place, by domain. */
  rosters: Map<number, Set<string>>;
  standings: Map<string, SetStanding>;
  /** From when on records count, by domain; unix seconds. */
  recordsCountFrom: Map<number, number>;
  /** What the weights of each signer set rest on, by its name, and who may sit on a jury, by its id. */
  seated: Map<string, SetStanding[]>;
  /** By domain and epoch. */
  sets: Map<string, SignerSet>;
  /** The epoch that is current, by domain. */
  current: Map<number, number>;
  /** Windows for objections that begin before are doubled, unix seconds. */
  slowUntil: number;
  /** Owner and fault. */
  punished: Set<string>;
  jurors: JurorBook;
  /** What one transaction has credited of slashes that no log has told of yet. */
  credited: { last: LogPlace | null; untold: { account: string; amount: bigint }[] };
};

export const openStakeBook = (): StakeBook => ({
  stakers: new Map(),
  owners: new Map(),
  banned: new Set(),
  rosters: new Map(),
  standings: new Map(),
  recordsCountFrom: new Map(),
  seated: new Map(),
  sets: new Map(),
  current: new Map(),
  slowUntil: 0,
  punished: new Set(),
  jurors: openJurorBook(),
  credited: { last: null, untold: [] },
});

/** How a signer set is named as the subject of a finding. */
export const setName = (domain: number, epoch: number): string => `domain ${domain}, epoch ${epoch}`;
export const currentSet = (book: StakeBook, domain: number): SignerSet | undefined =>
  book.sets.get(setName(domain, book.current.get(domain) ?? 0));
export const setOf = (book: StakeBook, domain: number, epoch: number): SignerSet | undefined =>
  book.sets.get(setName(domain, epoch));

/** When an answer is final that is made at `at`, by who stands behind it. Mirror of `Reporting._windowEnd`. */
export function windowEnd(
  { stakes, params }: { stakes: StakeBook; params: ProofDomain["params"] },
  { liveness, secures }: Terms,
  at: number,
  { confidence, seats }: { confidence: number; seats: bigint },
): number {
  const { unit, lowestWindow } = params.limits;
  const base = baseWindow(secures as Amount, unit, lowestWindow);
  const surge = at < stakes.slowUntil;
  const signers = seatsOf(seats).length;
  return at + disputeWindow(liveness, { base, agreementBps: confidence, signers, surge });
}

/** What happened to a stake; false when the log is about something else. */
export function keepStake(
  book: StakeBook,
  log: OracleLog,
  params: ProofDomain["params"],
  note: Note,
): boolean {
  switch (log.event) {
    case "Joined": {
      const { owner, signer, stake, kinds } = log.args;
      if (book.stakers.has(lower(owner))) note.differ(`${owner} joins a second time`);
      const juror = { jurorSince: 0, young: 0n, youngSince: 0, suspendedUntil: 0 };
      book.stakers.set(lower(owner), { signer: lower(signer), stake, family: familyOf(kinds), ...juror });
      nameKey(book, signer, owner, note);
      return true;
    }
    case "KindsSet": {
      const staker = book.stakers.get(lower(log.args.owner));
      if (!staker) note.differ(`${log.args.owner} chooses domains and has no stake in the logs`);
      else staker.family = familyOf(log.args.kinds);
      return true;
    }
    case "StakeAdded": {
      const staker = book.stakers.get(lower(log.args.owner));
      if (!staker) note.differ(`${log.args.owner} adds to a stake that is in no log`);
      else note.compare(`stake of ${log.args.owner}`, staker.stake + log.args.amount, log.args.stake);
      if (staker) {
        staker.stake = log.args.stake;
        season(book.jurors, staker, log, params.seasoningSeconds);
      }
      return true;
    }
    case "JurorSet":
      enrol(book.jurors, book.stakers, log, note);
      return true;
    case "JurorsTaken":
      takeSnapshot(book.jurors, book.stakers, log, params, note);
      return true;
    case "SignerRotated": {
      const staker = book.stakers.get(lower(log.args.owner));
      if (staker?.signer !== lower(log.args.from))
        note.differ(`${log.args.owner} leaves a key that is not his`);
      if (staker) staker.signer = lower(log.args.to);
      nameKey(book, log.args.to, log.args.owner, note);
      return true;
    }
    case "Seated":
    case "Benched": {
      const roster = book.rosters.get(log.args.domain) ?? new Set();
      const was = roster.has(lower(log.args.owner));
      if (was === (log.event === "Seated"))
        note.differ(`${log.args.owner} ${was ? "takes a second place" : "leaves a place that he has not"}`);
      if (log.event === "Seated") roster.add(lower(log.args.owner));
      else roster.delete(lower(log.args.owner));
      book.rosters.set(log.args.domain, roster);
      return true;
    }
    case "StandingSet": {
      const { domain, standing } = log.args;
      const owner = lower(log.args.owner);
      book.standings.set(`${domain} ${owner}`, { domain, owner, standing, log });
      if (!book.recordsCountFrom.has(domain)) book.recordsCountFrom.set(domain, log.at + params.epochSeconds);
      const staker = book.stakers.get(owner);
      if (staker) staker.suspendedUntil = Math.max(staker.suspendedUntil, standing.suspendedUntil);
      return true;
    }
    case "Withdrawn": {
      note.compare(
        `stake withdrawn by ${log.args.owner}`,
        book.stakers.get(lower(log.args.owner))?.stake ?? 0n,
        log.args.amount,
      );
      book.stakers.delete(lower(log.args.owner));
      return true;
    }
    case "Banned":
      book.banned.add(lower(log.args.owner));
      return true;
    case "Slowed":
      book.slowUntil = log.args.until;
      return true;
    case "SlashCredited":
      if (book.credited.untold.length > 0 && book.credited.last?.transaction !== log.transaction) {
        note.differ("the transaction before credited as of a slash that is in no log");
        book.credited.untold = [];
      }
      book.credited.last = log;
      book.credited.untold.push({ account: lower(log.args.account), amount: log.args.amount });
      return true;
    case "Slashed":
      keepSlash(book, log, params.treasury, note);
      return true;
    default:
      return false;
  }
}

function nameKey(book: StakeBook, key: Address, owner: Address, note: Note): void {
  const named = book.owners.get(lower(key));
  if (named !== undefined && !sameAddress(named, owner)) note.differ(`key ${key} belongs to ${named}`);
  else book.owners.set(lower(key), lower(owner));
}

/** One fault takes from an owner once, and never more than there is. The amount is for whoever knows the fault to judge. */
function keepSlash(book: StakeBook, log: OracleLogOf<"Slashed">, insurance: string, note: Note): void {
  const { args, transaction } = log;
  const { owner, fault, amount, stake } = args;
  const staker = book.stakers.get(lower(owner));
  if (!staker) return note.differ(`${owner} is slashed and has no stake in the logs`);
  if (amount > staker.stake) note.differ(`${owner} is slashed by ${amount} and has ${staker.stake}`);
  const once = `${lower(owner)} ${fault}`;
  if (book.punished.has(once)) note.differ(`${owner} is slashed a second time for ${fault}`);
  book.punished.add(once);
  note.compare(`stake of ${owner} after the slash of ${amount}`, staker.stake - amount, stake);
  staker.stake = stake;
  const { credited } = book;
  const untold = credited.last?.transaction === transaction ? credited.untold.splice(0) : [];
  const due = partsOf(log, insurance);
  const told = (parts: typeof due) => parts.map((part) => `${part.amount} to ${part.account}`).join(", ");
  return note.compare("parts of the slash", told(due), told(untold));
}

/** Where the parts of a slash go, in the order in which they are credited. */
function partsOf({ args }: OracleLogOf<"Slashed">, insurance: string): { account: string; amount: bigint }[] {
  const parts = splitSlash(args.amount as Amount);
  const nobody = args.challenger === zeroAddress;
  const insured = nobody ? parts.insurance + parts.challenger : parts.insurance;
  return [
    ...(nobody ? [] : [{ account: lower(args.challenger), amount: parts.challenger as bigint }]),
    { account: lower(insurance), amount: insured },
    { account: BURN, amount: parts.burned },
  ];
}

/** The set that a log names: whose keys sit in it, and whether they weigh what their stakes give. */
export function keepEpoch(
  book: StakeBook,
  { args, at }: OracleLogOf<"EpochAdvanced">,
  params: ProofDomain["params"],
  note: Note,
): void {
  const { domain, epoch, totalWeight } = args;
  const seats = args.seats.map(decodeSeat);
  note.compare(`number of the epoch of domain ${domain}`, (book.current.get(domain) ?? 0) + 1, epoch);
  const sum = seats.reduce((all, { weight }) => all + weight, 0n);
  if (sum !== totalWeight)
    note.differ(`the seats of epoch ${epoch} weigh ${sum}, the log says ${totalWeight}`);
  const standingOf = (owner: string) => book.standings.get(`${domain} ${owner}`)?.standing;
  const recordsCount = (book.recordsCountFrom.get(domain) ?? Infinity) <= at;
  const unknownBps = recordsCount ? newcomerFactorBps(params.startFactorBps) : params.startFactorBps;
  const staked = seats.map(({ signer }, seat) => {
    const owner = book.owners.get(lower(signer));
    const staker = owner === undefined ? undefined : book.stakers.get(owner);
    if (owner === undefined || staker?.signer !== lower(signer) || !book.rosters.get(domain)?.has(owner)) {
      note.differ(`seat ${seat} is held by ${signer}, who has no place in the logs`);
      return { stake: 0n, factorBps: 0, cluster: 0, family: 0, owner: "nobody" };
    }
    const standing = standingOf(owner);
    if (staker.stake < params.minStake || (standing?.suspendedUntil ?? 0) > at)
      note.differ(`seat ${seat} is held by ${owner}, who may not sit`);
    const factorBps = recordsCount && standing ? standing.factorBps : unknownBps;
    return { stake: staker.stake, factorBps, cluster: standing?.cluster ?? 0, family: staker.family, owner };
  });
  const { weights } = seatWeights(staked);
  for (const [seat, { owner, stake, factorBps }] of staked.entries())
    note.compare(
      `weight of seat ${seat} (${owner}, stake ${stake}, factor ${factorBps})`,
      weights[seat] ?? 0n,
      seats[seat]?.weight ?? 0n,
    );
  const seated = new Set(staked.map(({ owner }) => owner));
  book.seated.set(
    setName(domain, epoch),
    [...seated].flatMap((owner) => book.standings.get(`${domain} ${owner}`) ?? []),
  );
  for (const owner of book.rosters.get(domain) ?? [])
    if (!seated.has(owner)) note.tell(`${owner} holds a place and is not in this set`);
  book.sets.set(setName(domain, epoch), { epoch, totalWeight, seats });
  book.current.set(domain, epoch);
}

const lower = (text: string): string => text.toLowerCase();
