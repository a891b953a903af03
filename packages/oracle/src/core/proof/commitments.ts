import { oracleAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { size } from "viem";
import { hasQuorum } from "../aggregate.ts";
import { decodeAnswerWord, INVALID } from "../answer-word.ts";
import { batchDigest, batchSignatures } from "../commit/batch.ts";
import { chainedHash, commitmentOf, unpackPlaces } from "../commit/commitment.ts";
import { pieceAt } from "../commit/phase.ts";
import { questionId, termsFromChain } from "../terms.ts";
import { answerReports, checkMoment, ENTRY, type ProvenQuestion, type Reported } from "./answers.ts";
import { callsIn } from "./calls.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain, Signed } from "./proof-log.ts";

/**
 * Questions of the top tier: what a provider reads is committed before anybody shows his. Mirror of `commitReports` and
 * `reportCommitted` in Reporting.sol.
 */

/** Batches of commitments by question: of each round and phase the hash, and which seats signed it. */
export type CommitBook = Map<Hex, Map<string, Map<Hex, Set<number>>>>;
type Limits = ProofDomain["params"]["limits"];

const phaseName = (round: number, phase: bigint): string => `${round} ${phase}`;

/** Phases as the contract logs them. */
function phaseAt(at: number, { commitSeconds }: Limits): { phase: bigint; committing: boolean } {
  const { phase, committing } = pieceAt(at, commitSeconds);
  return { phase: BigInt(phase), committing };
}

type SignedBatch = Signed & { seat: number };

/** The signatures of a quorum under a batch; null when the bytes are none. */
export function cosignatures(
  { args }: OracleLogOf<"ReportsCommitted">,
  domain: ProofDomain,
): SignedBatch[] | null {
  const { question, round, epoch, chained, seats, signatures } = args;
  const batch = { epoch, round, phase: Number(args.phase), chained };
  const digest = batchDigest(domain, { ...batch, question });
  return (
    batchSignatures(batch, seats, signatures)?.map(({ seat, signature }) => ({ seat, digest, signature })) ??
    null
  );
}

/** A batch that a quorum must have co-signed in its phase. */
export function keepCommitted(
  log: OracleLogOf<"ReportsCommitted">,
  question: ProvenQuestion,
  o: Reported & { committed: CommitBook; domain: ProofDomain },
  note: Note,
): void {
  const { args, at } = log;
  const { word, id } = question;
  checkMoment(at, question, o.pausedUntil, note);
  if (word.state === "open") note.compare("round that is committed to", word.round, args.round);
  const { phase, committing } = phaseAt(at, o.domain.params.limits);
  if (!committing) note.differ(`committed to at ${at}, which is a time to reveal`);
  note.compare("phase of the commitments", phase, args.phase);
  const signed = signedSeats(log, o, note);
  const phases = o.committed.get(id) ?? new Map<string, Map<Hex, Set<number>>>();
  const name = phaseName(args.round, args.phase);
  const batches = phases.get(name) ?? new Map<Hex, Set<number>>();
  // The one thing that the contract cannot see: whoever signed both chose late, and can be slashed for it.
  for (const [other, seats] of batches)
    if (other !== args.chained)
      note.differ(
        `phase ${args.phase} has two batches: seats ${[...seats.intersection(signed)].join(", ")} signed both`,
      );
  o.committed.set(id, phases.set(name, batches.set(args.chained, signed)));
}

/** Seats whose own keys signed the batch, and whether they are a quorum. */
function signedSeats(
  log: OracleLogOf<"ReportsCommitted">,
  { set, signerOf, domain }: Reported & { domain: ProofDomain },
  note: Note,
): Set<number> {
  const all = cosignatures(log, domain);
  const seats = new Set<number>();
  if (all === null || set === undefined) {
    note.differ("the batch carries no signatures that could be checked");
    return seats;
  }
  note.compare("epoch that co-signed", set.epoch, log.args.epoch);
  for (const { seat, ...signed } of all) {
    const found = set.seats[seat];
    if (found && signerOf(signed) === found.signer.toLowerCase()) seats.add(seat);
    else note.differ(`the signature of seat ${seat} under the batch is not its signer's`);
  }
  if (seats.size !== all.length) note.differ("not every signature under the batch is of a seat of its own");
  const weight = [...seats].reduce((sum, seat) => sum + (set.seats[seat]?.weight ?? 0n), 0n);
  const said = `${weight} of ${set.totalWeight} weight co-signed batch ${log.args.chained}`;
  if (hasQuorum(weight, set.totalWeight)) note.tell(said);
  else note.differ(`${said}, which is no quorum`);
  return seats;
}

/** Of a question of the top tier: that each value of its answer was committed to before anybody showed his. */
export function checkOpened(
  log: OracleLogOf<"Answered">,
  question: ProvenQuestion,
  { committed, domain }: { committed: CommitBook; domain: ProofDomain },
  note: Note,
): void {
  const { args, at, input } = log;
  const { limits } = domain.params;
  if (question.terms.secures < limits.commitTier) return undefined;
  const word = decodeAnswerWord(args.word);
  const reports = answerReports(log, domain);
  // What is no report at all is told of as an answer.
  if (word.state !== "answered" || reports === null) return undefined;
  const { epoch, round } = word;
  if (size(args.report) !== reports.length * ENTRY) {
    // What nobody reads cannot be copied.
    if (reports.some(({ value }) => value !== INVALID))
      note.differ("co-signed, and values of the top tier are committed first");
    return undefined;
  }
  const call = callsIn(input, oracleAbi, "reportCommitted").find(
    ([terms, , entries]) =>
      questionId(termsFromChain(terms)) === question.id &&
      entries.toLowerCase() === args.report.toLowerCase(),
  );
  if (!call) return note.differ("nothing with the logs opens commitments to these values");
  const [, , , commitments, openings] = call;
  const { phase, committing } = phaseAt(at, limits);
  if (committing) note.differ(`revealed at ${at}, which is a time to commit`);
  const chained = chainedHash(commitments);
  const half = Math.floor(limits.commitSeconds / 2);
  if (reports.length < commitments.length && at % limits.commitSeconds < half)
    note.differ(`${reports.length} of ${commitments.length} were opened in the first half of the time`);
  if (committed.get(question.id)?.get(phaseName(round, phase))?.has(chained))
    note.tell(`${commitments.length} commitments were on chain before the time to reveal: ${chained}`);
  else note.differ(`no log commits to batch ${chained} of phase ${phase}`);
  const places = unpackPlaces(openings, reports.length);
  if (places === null) return note.differ("there is not one opening for each value");
  const salts = new Map<number, Hex>();
  for (const [index, { seat, value }] of reports.entries()) {
    const { place, salt } = need(places[index], "an opening");
    const isOwn =
      commitments[place] === commitmentOf({ question: question.id, epoch, round, seat, value, salt });
    if (isOwn) note.tell(`seat ${seat} had committed to ${value}`);
    else note.differ(`seat ${seat} had not committed to ${value}`);
    salts.set(seat, salt);
  }
  question.salts = salts;
  return undefined;
}
