import { oracleAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import { size } from "viem";
import { decodeAnswerWord, INVALID } from "../answer-word.ts";
import { chainedHash, commitmentOf, unpackPlaces } from "../commit/commitment.ts";
import { pieceAt } from "../commit/phase.ts";
import { questionId, termsFromChain } from "../terms.ts";
import { answerReports, ENTRY, type ProvenQuestion } from "./answers.ts";
import { callsIn } from "./calls.ts";
import type { Note } from "./note.ts";
import type { OracleLogOf, ProofDomain } from "./proof-log.ts";

/**
 * Questions of the top tier: what a provider reads is committed before anybody shows his. Mirror of `commitReports` and
 * `reportCommitted` in Reporting.sol.
 */

/** Batches of commitments by question: round, phase and hash of each. */
export type CommitBook = Map<Hex, Set<string>>;
type Limits = ProofDomain["params"]["limits"];

const keyOf = (round: number, phase: bigint, chained: Hex): string => `${round} ${phase} ${chained}`;

/** Phases as the contract logs them. */
function phaseAt(at: number, { commitSeconds }: Limits): { phase: bigint; committing: boolean } {
  const { phase, committing } = pieceAt(at, commitSeconds);
  return { phase: BigInt(phase), committing };
}

export function keepCommitted(
  { args, at }: OracleLogOf<"ReportsCommitted">,
  question: ProvenQuestion,
  { committed, limits }: { committed: CommitBook; limits: Limits },
  note: Note,
): void {
  const { word } = question;
  if (word.state !== "open") note.differ("committed to while it was not open");
  else note.compare("round that is committed to", word.round, args.round);
  const { phase, committing } = phaseAt(at, limits);
  if (!committing) note.differ(`committed to at ${at}, which is a time to reveal`);
  note.compare("phase of the commitments", phase, args.phase);
  const batches = committed.get(question.id) ?? new Set();
  committed.set(question.id, batches.add(keyOf(args.round, args.phase, args.chained)));
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
  if (committed.get(question.id)?.has(keyOf(round, phase, chained)))
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
