import { courtAbi, drandBeaconAbi } from "@sooth/abi";
import { type Hex, sameAddress } from "@sooth/kernel";
import { roundAfter, seedOf, verify } from "@sooth/randomness/core";
import { size, slice } from "viem";
import { FAULT_KINDS, type FaultKind, jurorFaultId } from "../disputes/juror-faults.ts";
import { batchHash, openedCommitment, type Opening, unpackOpenings } from "../jury/batch.ts";
import { canFill, drawSeats, eligibleJurors, jurySeed } from "../jury/draw.ts";
import { type Jury, juryId, juryPhase, type JuryPhase } from "../jury/jury.ts";
import {
  juryVerdict,
  type JuryVerdict,
  seatVotes,
  type SeatVote,
  splitFee,
  votesWord,
  withVotes,
} from "../jury/verdict.ts";
import { voteCommitment, voteDigest, type JuryChoice } from "../jury/vote.ts";
import { fullSignature } from "../report.ts";
import type { Seat } from "../weights.ts";
import { callsIn } from "./calls.ts";
import { awaitSlash } from "./faults.ts";
import type { Note } from "./note.ts";
import { clockOf, type OracleReplay } from "./oracle-replay.ts";
import { courtWindows, type OracleLogOf, type ProofDomain, type Signed } from "./proof-log.ts";
import { awaitCredits } from "./rewards.ts";

/** A jury, as the court's logs tell it. */
export type ProvenJury = {
  id: Hex;
  terms: Jury;
  /** The transaction. */
  opened: Hex;
  /** The snapshot that it is drawn from. */
  jurors: readonly Seat[];
  /** Who holds each seat; null until somebody needed to know. */
  seats: readonly number[] | null;
  votes: readonly SeatVote[];
  batches: Set<Hex>;
  own: Map<number, Hex>;
  closed: boolean;
};

type OfCourt = "CommitsPosted" | "CommittedOwn" | "Revealed" | "FaultShown" | "JuryClosed" | "Rewarded";

const MAX_SIZE = 101;
const courtDomain = ({ chainId, addresses }: ProofDomain) => ({ chainId, court: addresses.court });

/* STATEMENTS */

/** What jurors signed of what a log of the court rests on. */
export function jurorStatements(
  log: OracleLogOf<"CommittedOwn" | "Revealed" | "FaultShown">,
  domain: ProofDomain,
): Signed[] {
  const { jury } = log.args;
  const signed = (commitment: Hex, signature: Hex): Signed => ({
    digest: voteDigest(courtDomain(domain), jury, commitment),
    signature: size(signature) === 64 ? fullSignature(signature) : signature,
  });
  if (log.event === "CommittedOwn")
    return callsIn(log.input, courtAbi, "commitOwn").map(([, , , signature]) =>
      signed(log.args.commitment, signature),
    );
  if (log.event === "Revealed")
    return openingsIn(log).flatMap((openings) =>
      openings.flatMap((opening) =>
        "signature" in opening ? [signed(voteCommitment(jury, opening), opening.signature)] : [],
      ),
    );
  return shownIn(log).flatMap((pairs) =>
    pairs.map(([commitment, signature]) => signed(commitment, signature)),
  );
}

const openingsIn = ({ args, input }: OracleLogOf<"Revealed">): Opening[][] =>
  callsIn(input, courtAbi, "reveal").flatMap(([terms, packed]) =>
    juryId(terms) === args.jury ? [unpackOpenings(packed) ?? []] : [],
  );

/** Commitments and their signatures that show a fault: one, or two for who equivocates. */
function shownIn({ args, input }: OracleLogOf<"FaultShown">): [Hex, Hex][][] {
  const isIts = (terms: Jury, juror: number) => juryId(terms) === args.jury && juror === args.juror;
  switch (FAULT_KINDS[args.kind]) {
    case "leaked":
      return callsIn(input, courtAbi, "leak").flatMap(([terms, juror, choice, salt, signature]) =>
        isIts(terms, juror)
          ? [[[voteCommitment(args.jury, { juror, choice: choice as JuryChoice, salt }), signature]]]
          : [],
      );
    case "equivocal":
      return callsIn(input, courtAbi, "equivocated").flatMap(([terms, juror, both, first, second]) =>
        isIts(terms, juror) && both[0] !== both[1]
          ? [
              [
                [both[0], first],
                [both[1], second],
              ],
            ]
          : [],
      );
    case "withheld":
      return callsIn(input, courtAbi, "withheld").flatMap(([terms, juror, all, index, signature]) => {
        const commitment = all[Number(index)];
        const shown: [Hex, Hex][] = commitment === undefined ? [] : [[commitment, signature]];
        return isIts(terms, juror) ? [shown] : [];
      });
    default:
      return [];
  }
}

/* OPENING AND DRAWING */

export function openJury(log: OracleLogOf<"JuryOpened">, replay: OracleReplay, note: Note): void {
  const { args, at, transaction } = log;
  const { params, addresses } = replay.domain;
  const { jurors: book } = replay.stakes;
  const terms: Jury = args.terms;
  if (juryId(terms) === args.jury) note.tell(`the terms of jury ${args.jury} hash to it`);
  else note.differ("the terms do not hash to the jury");
  if (replay.juries.has(args.jury)) note.differ("the jury was opened before");
  const { ladder, slasher } = addresses;
  if (![ladder, slasher].some((each) => sameAddress(each, terms.arbitrable)))
    note.differ(`${terms.arbitrable} may not open juries`);
  note.compare("opened at, court clock", clockOf(replay, at), terms.openedAt);
  note.compare("snapshot that it is drawn from", book.latest, terms.jurorEpoch);
  const schedule = { genesis: params.beaconGenesis, period: params.beaconPeriodSeconds };
  const round = roundAfter(schedule, at + params.drawDelaySeconds);
  note.compare("round of the beacon that draws it", round, terms.beaconRound);
  const jurors = book.snapshots.get(terms.jurorEpoch) ?? [];
  const weights = jurors.map(({ weight }) => weight);
  const said = `${eligibleJurors(weights, terms.excluded)} jurors may sit on ${terms.size} seats`;
  if (terms.size < 1 || terms.size > MAX_SIZE || !canFill(weights, terms.excluded, terms.size))
    note.differ(`${said}: they cannot fill them`);
  else note.tell(said);
  replay.juries.set(args.jury, {
    id: args.jury,
    terms,
    opened: transaction,
    jurors,
    seats: null,
    votes: seatVotes(0n, terms.size),
    batches: new Set(),
    own: new Map(),
    closed: false,
  });
}

/** A seed of the beacon: the signature of its round, of which the seed is a hash. */
export function keepSeed(
  { args, input }: OracleLogOf<"Proved">,
  { domain, seeds, signatures }: OracleReplay,
  note: Note,
): void {
  const { round, seed } = args;
  const proof = callsIn(input, drandBeaconAbi, "prove").find(
    ([of, bytes]) => of === round && size(bytes) > SIGNATURE,
  );
  if (!proof) note.differ(`nothing with the logs proves round ${round} of the beacon`);
  else {
    const signature = slice(proof[1], 0, SIGNATURE);
    if (verify(domain.params.beaconKey, round, signature)) {
      note.tell(`the beacon signed round ${round}: ${signature}`);
      signatures.set(round, signature);
    } else note.differ(`the signature of round ${round} is not the beacon's`);
    note.compare<string>(`seed of round ${round}`, seedOf(signature), seed);
  }
  seeds.set(round, seed);
}
const SIGNATURE = 64;

/** Who holds each seat; told once. */
export function draw(replay: OracleReplay, jury: ProvenJury, note: Note): readonly number[] | null {
  if (jury.seats) return jury.seats;
  const seed = replay.seeds.get(jury.terms.beaconRound);
  const weights = jury.jurors.map(({ weight }) => weight);
  const { excluded, size: seats } = jury.terms;
  if (seed === undefined || !canFill(weights, excluded, seats)) {
    note.differ(`the logs draw no jury ${jury.id}`);
    return null;
  }
  jury.seats = drawSeats(weights, excluded, seats, jurySeed(seed, jury.id));
  note.tell(`drawn by ${seed} and its own id: jurors ${jury.seats.join(", ")}`);
  return jury.seats;
}

/* VOTING AND CLOSING */

const phaseAt = (replay: OracleReplay, { terms }: ProvenJury, at: number): JuryPhase =>
  juryPhase(terms, courtWindows(replay.domain), clockOf(replay, at));

export const verdictNow = (replay: OracleReplay, jury: ProvenJury, at: number): JuryVerdict =>
  juryVerdict(jury.votes, phaseAt(replay, jury, at));

export function replayCourt(log: OracleLogOf<OfCourt>, replay: OracleReplay, note: Note): void {
  const jury = replay.juries.get(log.args.jury);
  if (!jury) return note.differ(`nobody opened jury ${log.args.jury}`);
  const phase = phaseAt(replay, jury, log.at);
  switch (log.event) {
    case "CommitsPosted":
      if (phase === "commit") note.tell(`commitments ${log.args.batch} in time`);
      else note.differ(`commitments were posted in the ${phase} window`);
      jury.batches.add(log.args.batch);
      return undefined;
    case "CommittedOwn":
      return commitOwn(log, jury, phase, replay, note);
    case "Revealed":
      return reveal(log, jury, phase, replay, note);
    case "FaultShown":
      return showFault(log, jury, phase, replay, note);
    case "JuryClosed":
      return close(log, jury, phase, replay, note);
    default: {
      const { args } = log;
      const verdict = juryVerdict(jury.votes, phase);
      const paid = args.perSeat * BigInt(verdict.choice === 0 ? 0 : verdict.votesFor);
      note.compare("paid to coherent seats once more", paid, args.paid);
      const pays = paysOf(replay, jury, verdict, { perSeat: args.perSeat, payer: args.payer }, note);
      awaitCredits(replay.credits, [{ account: replay.domain.addresses.court, amount: paid }, ...pays], note);
      return undefined;
    }
  }
}

const isSigned = (replay: OracleReplay, jury: ProvenJury, juror: number, commitment: Hex, signature: Hex) => {
  const digest = voteDigest(courtDomain(replay.domain), jury.id, commitment);
  const whole = size(signature) === 64 ? fullSignature(signature) : signature;
  return replay.signerOf({ digest, signature: whole }) === jury.jurors[juror]?.signer.toLowerCase();
};

function commitOwn(
  { args, input }: OracleLogOf<"CommittedOwn">,
  jury: ProvenJury,
  phase: JuryPhase,
  replay: OracleReplay,
  note: Note,
): void {
  const { juror, commitment } = args;
  if (phase !== "commit") note.differ(`a juror committed himself in the ${phase} window`);
  if (!draw(replay, jury, note)?.includes(juror)) note.differ(`juror ${juror} was not drawn`);
  if (jury.own.has(juror)) note.differ(`juror ${juror} had committed himself`);
  const calls = callsIn(input, courtAbi, "commitOwn");
  if (calls.some(([, , , signature]) => isSigned(replay, jury, juror, commitment, signature)))
    note.tell(`juror ${juror} signed his commitment ${commitment}`);
  else note.differ(`juror ${juror} signed no commitment ${commitment}`);
  jury.own.set(juror, commitment);
}

/** Openings against the commitments that were posted, signatures, and the votes that they give. */
function reveal(
  log: OracleLogOf<"Revealed">,
  jury: ProvenJury,
  phase: JuryPhase,
  replay: OracleReplay,
  note: Note,
): void {
  if (phase !== "reveal") note.differ(`votes were opened in the ${phase} window`);
  const seats = draw(replay, jury, note) ?? [];
  const cast = openingsIn(log)
    .filter((openings) =>
      jury.batches.has(batchHash(openings.map((opening) => openedCommitment(jury.id, opening)))),
    )
    .flatMap((openings) => openings.flatMap((opening) => ("juror" in opening ? [opening] : [])));
  for (const { juror, choice, signature, salt } of cast) {
    const commitment = voteCommitment(jury.id, { juror, choice, salt });
    if (!seats.includes(juror)) note.differ(`juror ${juror} voted and was not drawn`);
    else if (isSigned(replay, jury, juror, commitment, signature))
      note.tell(`juror ${juror} signed and opened choice ${choice}`);
    else note.differ(`juror ${juror} did not sign what opens as ${choice}`);
  }
  const own = callsIn(log.input, courtAbi, "revealOwn").flatMap(([terms, juror, choice, salt]) => {
    const ballot = { juror, choice: choice as JuryChoice, salt };
    return juryId(terms) === jury.id && jury.own.get(juror) === voteCommitment(jury.id, ballot)
      ? [ballot]
      : [];
  });
  for (const { juror, choice } of own) note.tell(`juror ${juror} opened choice ${choice} himself`);
  if (cast.length + own.length === 0) note.differ("no commitments that were posted open these votes");
  const votes = withVotes(jury.votes, seats, [...cast, ...own]);
  note.compare("votes, two bits a seat", votesWord(votes), log.args.votes);
  jury.votes = seatVotes(log.args.votes, jury.terms.size);
}

function showFault(
  log: OracleLogOf<"FaultShown">,
  jury: ProvenJury,
  phase: JuryPhase,
  replay: OracleReplay,
  note: Note,
): void {
  const { juror, challenger } = log.args;
  const kind = FAULT_KINDS[log.args.kind] as FaultKind;
  const seats = draw(replay, jury, note);
  const signer = jury.jurors[juror]?.signer;
  if (!seats?.includes(juror) || !signer) return note.differ(`juror ${juror} was not drawn`);
  const vote = jury.votes[seats.indexOf(juror)];
  if (kind === "leaked" && phase !== "evidence" && phase !== "commit")
    note.differ("a vote was told when it was no secret any more");
  if (kind === "withheld" && (phase !== "over" || vote !== 0))
    note.differ(`juror ${juror} had voted, or still could`);
  const proof = shownIn(log).find((pairs) =>
    pairs.every(([commitment, signature]) => isSigned(replay, jury, juror, commitment, signature)),
  );
  const isOwn = kind === "withheld" && proof?.length === 0;
  if (!proof || (isOwn && !jury.own.has(juror)))
    note.differ(`nothing with the logs shows juror ${juror} ${kind}`);
  else note.tell(`juror ${juror} ${kind}, shown by ${challenger}`);
  return awaitSlash(replay, jurorSlash(jury, signer, kind, challenger), log, note);
}

const jurorSlash = (jury: ProvenJury, signer: Hex, kind: FaultKind, challenger: string | null) => ({
  fault: jurorFaultId(jury.id, signer, kind),
  jury: jury.id,
  signer,
  kind,
  challenger,
});

/** Fees of coherent seats, what goes back, and who is reported. */
function close(
  log: OracleLogOf<"JuryClosed">,
  jury: ProvenJury,
  phase: JuryPhase,
  replay: OracleReplay,
  note: Note,
): void {
  const { args } = log;
  const { fee, arbitrable } = jury.terms;
  const isComplete = jury.votes.every((vote) => vote !== 0);
  if (jury.closed) note.differ("the jury was closed before");
  if (!isComplete && phase !== "over") note.differ("closed while votes could still come");
  jury.closed = true;
  const verdict = juryVerdict(jury.votes, phase);
  const { perSeat, returned } = splitFee(fee, verdict);
  note.compare("verdict of the jury", verdict.choice, args.choice as number);
  note.compare("seats for it", BigInt(verdict.votesFor), args.votesFor);
  note.compare("pay of a coherent seat", perSeat, args.perSeat);
  note.compare("pay that goes back", returned, args.returned);
  const back = returned === 0n ? [] : [{ account: arbitrable, amount: returned }];
  // Nobody voted and nobody proved the round: they are not drawn, and nobody is reported.
  const isDrawn = replay.seeds.has(jury.terms.beaconRound);
  const pays = isDrawn ? paysOf(replay, jury, verdict, { perSeat, payer: arbitrable }, note) : [];
  awaitCredits(replay.credits, [...pays, ...back], note);
  if (!isDrawn) return;
  for (const { signer, choice } of voters(replay, jury, note)) {
    if (choice !== 0 && (choice === verdict.choice || verdict.choice === 0)) continue;
    const kind = choice === 0 ? "missing" : "incoherent";
    if (replay.faults.recused.has(jurorFaultId(jury.id, signer, kind))) continue;
    awaitSlash(replay, jurorSlash(jury, signer, kind, null), log, note);
  }
}

/** Who was drawn, in the order of the snapshot, with his seats and his vote. */
function voters(replay: OracleReplay, jury: ProvenJury, note: Note) {
  const seats = draw(replay, jury, note) ?? [];
  return jury.jurors.flatMap(({ signer }, juror) => {
    const first = seats.indexOf(juror);
    const held = seats.filter((each) => each === juror).length;
    return first === -1 ? [] : [{ signer, held, choice: jury.votes[first] ?? 0 }];
  });
}

function paysOf(
  replay: OracleReplay,
  jury: ProvenJury,
  { choice: right }: JuryVerdict,
  { perSeat, payer }: { perSeat: bigint; payer: string },
  note: Note,
) {
  if (perSeat === 0n || right === 0) return [];
  const { owners, banned } = replay.stakes;
  return voters(replay, jury, note).flatMap(({ signer, held, choice }) => {
    const owner = owners.get(signer.toLowerCase());
    const account = owner === undefined || banned.has(owner) ? payer : owner;
    return choice === right ? [{ account, amount: perSeat * BigInt(held) }] : [];
  });
}
