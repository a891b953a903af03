import { type Amount, type Hex, sameAddress } from "@sooth/kernel";
import { zeroAddress } from "viem";
import { INVALID, seatsOf } from "../answer-word.ts";
import { differs } from "../disputes/dispute.ts";
import type { FaultKind } from "../disputes/juror-faults.ts";
import { allowedSlash, FAULT_PPM, overturnedPpm, seriesOf, slashOf, tooEarlyOf } from "../economy/slash.ts";
import { statusOf } from "../status.ts";
import type { Terms } from "../terms.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { Accusation } from "./accusations.ts";
import type { LogPlace } from "./decode-logs.ts";
import { epochOf, type ProvenDispute, signersOf, valueOf } from "./disputes.ts";
import { type Note, noteOn } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { keepStake, setOf, type StakeBook } from "./stake-book.ts";

type JurorSlash = { fault: Hex; jury: Hex; signer: string; kind: FaultKind; challenger: string | null };

/** What the slasher remembers of owners, and which faults the logs have told of. */
export type FaultBook = {
  /** How often, and when last, an owner's answers were overturned. */
  series: Map<string, { earlier: number; at: number }>;
  /** What was taken without a court since `from`, of what was held then. */
  periods: Map<string, { from: number; held: bigint; taken: bigint }>;
  ofJurors: Map<Hex, JurorSlash>;
  /** Question whose numbers outside tolerance are this fault. */
  outside: Map<Hex, Hex>;
  /** Question whose position is the fault, by owner and fault. */
  positions: Map<string, Hex>;
  /** Jurors who need not vote: what they are missing by. */
  recused: Set<Hex>;
  /** When an owner's last number outside tolerance was shown. */
  outsideAt: Map<string, number>;
  accusations: Map<Hex, Accusation>;
  equivocated: { owner: string; fault: Hex | null; transaction: Hex } | null;
  /** A slash whose amount the next log tells the reason of. */
  taken: { owner: string; stake: bigint; amount: bigint; note: Note } | null;
  /** What must hold when the transaction ends: a complaint, or null. */
  due: { transaction: Hex; complaint: () => string | null; note: Note }[];
};

/* WHAT MUST FOLLOW */

/** Holds `complaint` against what the rest of this log's transaction brings. */
const later = (replay: OracleReplay, { transaction }: LogPlace, note: Note, complaint: () => string | null) =>
  void replay.faults.due.push({ transaction, complaint, note });

/** At the end of a transaction: what was to happen in it and did not. */
export function endFaults({ faults }: OracleReplay): void {
  for (const { complaint, note } of faults.due.splice(0)) {
    const what = complaint();
    if (what !== null) note.differ(what);
  }
  if (faults.taken) faults.taken.note.differ("slashed for a number that no log tells of");
  faults.taken = null;
}

const isPunished = ({ stakes }: OracleReplay, owner: string, fault: Hex): boolean =>
  stakes.punished.has(`${owner} ${fault}`);
export const stakeOf = ({ stakes }: OracleReplay, owner: string): Amount =>
  (stakes.stakers.get(owner)?.stake ?? 0n) as Amount;
const isOwner = (owner: string | undefined): owner is string => owner !== undefined;

export function awaitTaking(
  replay: OracleReplay,
  o: { owner: string; fault: Hex; amount: () => bigint },
  log: LogPlace,
  note: Note,
): void {
  const { owner, fault, amount } = o;
  later(replay, log, note, () =>
    isPunished(replay, owner, fault) || amount() === 0n
      ? null
      : `${owner} is due ${fault} and was not slashed`,
  );
}

/** A juror's fault that a log tells of: his slash comes in the same transaction. */
export function awaitSlash(replay: OracleReplay, slash: JurorSlash, log: LogPlace, note: Note): void {
  replay.faults.ofJurors.set(slash.fault, slash);
  const owner = replay.stakes.owners.get(slash.signer.toLowerCase());
  if (owner === undefined) return;
  awaitTaking(
    replay,
    { owner, fault: slash.fault, amount: () => jurorAmount(replay, slash, owner, log.at) },
    log,
    note,
  );
  if (slash.kind === "equivocal") awaitBan(replay, owner, log, note);
}

export const awaitBan = (replay: OracleReplay, owner: string, log: LogPlace, note: Note) =>
  later(replay, log, note, () =>
    replay.stakes.banned.has(owner) ? null : `${owner} equivocated and was not banned`,
  );

/** Everybody who signed what a jury overturned pays in the same transaction. */
export function awaitOverturned(
  replay: OracleReplay,
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  log: LogPlace,
  note: Note,
): void {
  for (const owner of ownersBehind(replay.stakes, dispute, terms).filter(isOwner))
    awaitTaking(replay, { owner, fault: dispute.id, amount: () => stakeOf(replay, owner) }, log, note);
}

/** And so do those who answered too early. */
export function awaitTooEarly(
  replay: OracleReplay,
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  o: { challenger: string | null; log: LogPlace },
  note: Note,
): void {
  dispute.early = { challenger: o.challenger };
  for (const owner of ownersBehind(replay.stakes, dispute, terms).filter(isOwner)) {
    const amount = () => earlyAmount(replay, dispute, terms, owner, o.log.at);
    awaitTaking(replay, { owner, fault: dispute.id, amount }, o.log, note);
  }
}

/* AMOUNTS */

function ownersBehind(stakes: StakeBook, dispute: ProvenDispute, terms: Terms): (string | undefined)[] {
  const set = setOf(stakes, terms.domain, epochOf(dispute));
  return seatsOf(signersOf(dispute)).map((seat) =>
    stakes.owners.get(set?.seats[seat]?.signer.toLowerCase() ?? ""),
  );
}

function weightsBehind({ stakes }: OracleReplay, dispute: ProvenDispute, terms: Terms) {
  const set = setOf(stakes, terms.domain, epochOf(dispute));
  const seats = seatsOf(signersOf(dispute)).flatMap((seat) => set?.seats[seat] ?? []);
  return { seats, weight: seats.reduce((sum, seat) => sum + seat.weight, 0n), total: set?.totalWeight ?? 0n };
}

/** What may be taken of an owner now without a court. Mirror of `Punishment._takeAmount`. */
export function allowedNow(
  replay: OracleReplay,
  owner: string,
  amount: bigint,
  at: number,
  stake = stakeOf(replay, owner),
) {
  const { from, held, taken } = periodAt(replay, owner, stake, at);
  const allowed = allowedSlash(
    amount as Amount,
    { stake, atStart: held as Amount, taken: taken as Amount },
    false,
  );
  return { allowed: allowed as bigint, period: { from, held, taken: taken + allowed } };
}

function periodAt({ faults, domain }: OracleReplay, owner: string, stake: bigint, at: number) {
  const period = faults.periods.get(owner);
  return period && at < period.from + domain.params.epochSeconds
    ? period
    : { from: at, held: stake, taken: 0n };
}

const JUROR_PPM: Record<FaultKind, { ppm: number; byCourt: boolean }> = {
  missing: { ppm: FAULT_PPM.jurorMissing, byCourt: false },
  incoherent: { ppm: FAULT_PPM.jurorIncoherent, byCourt: false },
  withheld: { ppm: FAULT_PPM.noReveal, byCourt: false },
  leaked: { ppm: FAULT_PPM.voteLeaked, byCourt: true },
  equivocal: { ppm: FAULT_PPM.equivocation, byCourt: true },
};

function jurorAmount(replay: OracleReplay, { kind }: JurorSlash, owner: string, at: number): bigint {
  const { ppm, byCourt } = JUROR_PPM[kind];
  const amount = slashOf(stakeOf(replay, owner), ppm);
  return byCourt ? amount : allowedNow(replay, owner, amount, at).allowed;
}

/** His share, by weight, of a tenth of the deposit. */
function earlyAmount(
  replay: OracleReplay,
  dispute: ProvenDispute,
  terms: Terms,
  owner: string,
  at: number,
): bigint {
  const { seats, weight } = weightsBehind(replay, dispute, terms);
  const own = seats.find(({ signer }) => replay.stakes.owners.get(signer.toLowerCase()) === owner);
  const amount = tooEarlyOf(dispute.terms.deposit as Amount, (own?.weight ?? 0n) as Amount, weight as Amount);
  return allowedNow(replay, owner, amount, at).allowed;
}

/* SLASHES */

/** A slash is held against the fault that it names, and against what there is. */
export function replaySlash(replay: OracleReplay, log: OracleLogOf<"Slashed">): void {
  const { stakes, domain, disputes, faults } = replay;
  const { fault } = log.args;
  const owner = log.args.owner.toLowerCase();
  const dispute = disputes.get(fault);
  const question = dispute && replay.questions.get(dispute.question);
  const juror = faults.ofJurors.get(fault);
  const accusation = faults.accusations.get(fault);
  const note = noteOn(
    replay,
    log,
    dispute?.id ??
      juror?.jury ??
      accusation?.id ??
      faults.outside.get(fault) ??
      faults.positions.get(`${owner} ${fault}`) ??
      null,
  );
  if (dispute && question) {
    if (dispute.early) checkEarly(replay, log, dispute, question, note);
    else checkOverturned(replay, log, dispute, question, note);
  } else if (juror) {
    const { ppm, byCourt } = JUROR_PPM[juror.kind];
    const isHis = stakes.owners.get(juror.signer.toLowerCase()) === owner;
    if (!isHis) note.differ(`${owner} is slashed for what ${juror.signer} did`);
    const amount = jurorAmount(replay, juror, owner, log.at);
    note.compare(`slash of ${owner}, juror ${juror.kind}, ${ppm} ppm`, amount, log.args.amount);
    checkChallenger(log, juror.challenger, note);
    if (!byCourt) keepPeriod(replay, owner, log);
  } else if (accusation) {
    const amount = slashOf(stakeOf(replay, owner), accusation.ppm);
    note.compare(`slash of ${owner} for collusion, ${accusation.ppm} ppm`, amount as bigint, log.args.amount);
    if (!accusation.accused.has(owner)) note.differ(`${owner} was not accused`);
    checkChallenger(log, accusation.accuser, note);
    accusation.taken += log.args.amount;
  } else if (faults.positions.has(`${owner} ${fault}`)) {
    const amount = slashOf(stakeOf(replay, owner), FAULT_PPM.positionUndeclared);
    note.compare(`slash of ${owner}, who holds a position`, amount as bigint, log.args.amount);
  } else if (faults.outside.has(fault)) {
    faults.taken = { owner, stake: stakeOf(replay, owner), amount: log.args.amount, note };
  } else if (faults.equivocated?.transaction === log.transaction && faults.equivocated.owner === owner) {
    if (faults.equivocated.fault !== fault) note.differ(`slashed for ${fault}, which is no equivocation`);
    note.compare(`slash of ${owner}, who equivocated`, stakeOf(replay, owner) as bigint, log.args.amount);
  } else note.differ(`${owner} was slashed for ${fault}, of which no log tells`);
  keepStake(stakes, log, domain.params, note);
}

function checkChallenger({ args }: OracleLogOf<"Slashed">, challenger: string | null, note: Note): void {
  if (!sameAddress(challenger ?? zeroAddress, args.challenger))
    note.differ(`the challenger is ${challenger ?? zeroAddress}, the log says ${args.challenger}`);
}

/** What was taken without a court counts against the 30 %. */
function keepPeriod(replay: OracleReplay, owner: string, { args, at }: OracleLogOf<"Slashed">): void {
  const period = periodAt(replay, owner, stakeOf(replay, owner), at);
  replay.faults.periods.set(owner, { ...period, taken: period.taken + args.amount });
}

function checkEarly(
  replay: OracleReplay,
  log: OracleLogOf<"Slashed">,
  dispute: ProvenDispute,
  { terms }: ProvenQuestion,
  note: Note,
): void {
  const owner = log.args.owner.toLowerCase();
  if (!ownersBehind(replay.stakes, dispute, terms).includes(owner))
    note.differ(`${owner} was slashed and had not signed`);
  const amount = earlyAmount(replay, dispute, terms, owner, log.at);
  note.compare(
    `slash of ${owner}, too early, of a deposit of ${dispute.terms.deposit}`,
    amount,
    log.args.amount,
  );
  checkChallenger(log, dispute.early?.challenger ?? null, note);
  keepPeriod(replay, owner, log);
}

/** What a signer of an overturned answer loses: 2 % x (1 + 9 x share of weight that erred), doubled in a series. */
function checkOverturned(
  replay: OracleReplay,
  log: OracleLogOf<"Slashed">,
  dispute: ProvenDispute,
  question: ProvenQuestion,
  note: Note,
): void {
  const { stakes, faults } = replay;
  const { args, at } = log;
  const { terms, word } = question;
  const owner = args.owner.toLowerCase();
  if (dispute.outcome === null) note.differ(`${owner} was slashed before the dispute was ruled`);
  const status = statusOf(word, at);
  if (status !== "final" && status !== "invalid")
    note.differ(`${owner} was slashed before the correction was final`);
  if (dispute.stage === "corrected" && !(word.state === "answered" && word.ruled))
    note.differ(`${owner} was slashed for a correction that no jury has heard`);
  const value = status === "final" && word.state === "answered" ? word.value : INVALID;
  const isRight = dispute.terms.root === question.root?.root;
  if (isRight || (question.root === null && !differs(value, valueOf(dispute), terms.tolerance)))
    note.differ(`${owner} was slashed and had been right`);
  if (!ownersBehind(stakes, dispute, terms).includes(owner))
    return note.differ(`${owner} was slashed and had not signed`);
  const { weight, total } = weightsBehind(replay, dispute, terms);
  const last = faults.series.get(owner) ?? { earlier: 0, at: 0 };
  const earlier = seriesOf(last.earlier, last.at, at);
  faults.series.set(owner, { earlier, at });
  const ppm = overturnedPpm(weight, total, earlier);
  const stake = stakeOf(replay, owner);
  note.compare(`slash of ${owner}, ${ppm} ppm of ${stake}`, slashOf(stake, ppm) as bigint, args.amount);
  checkChallenger(log, challengerOf(dispute, value), note);
  dispute.punished ??= { owners: new Set(), at: `${log.block}:${log.logIndex}` };
  dispute.punished.owners.add(owner);
  return undefined;
}

/** Who gets the challenger's part: the disputer, if he was right. A jury says so of sides, the final answer of claims. */
function challengerOf(dispute: ProvenDispute, value: bigint): string | null {
  const first = dispute.stakes[0];
  const isRight = dispute.outcome === 0 ? value === dispute.claim : first?.side === dispute.outcome;
  return isRight ? (first?.who ?? null) : null;
}

/** Owners who signed what was overturned and, in a punishment that came, were left out of it. */
export function leftUnpunished(dispute: ProvenDispute, stakes: StakeBook, terms: Terms): string[] {
  if (!dispute.punished) return [];
  const { owners } = dispute.punished;
  return ownersBehind(stakes, dispute, terms).flatMap((owner) =>
    owner === undefined || owners.has(owner) || !stakes.stakers.get(owner)?.stake ? [] : [owner],
  );
}
