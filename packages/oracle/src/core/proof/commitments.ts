import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { concatHex, encodeAbiParameters, hexToNumber, keccak256, size, slice } from "viem";
import { decodeAnswerWord, INVALID } from "../answer-word.ts";
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

/** Place in the batch (1) | salt (32). Source: IOracle.reportCommitted. */
const OPENING = 33;
const COMMITMENT = [
  { type: "bytes32" },
  { type: "uint32" },
  { type: "uint8" },
  { type: "uint8" },
  { type: "int96" },
  { type: "bytes32" },
] as const;

const keyOf = (round: number, phase: bigint, chained: Hex): string => `${round} ${phase} ${chained}`;

/** By turns there is a time to commit and one to reveal; the two of a number belong together. */
function phaseAt(at: number, { commitSeconds }: Limits): { phase: bigint; committing: boolean } {
  const piece = Math.floor(at / commitSeconds);
  return { phase: BigInt(piece >> 1), committing: piece % 2 === 0 };
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
  const chained = keccak256(concatHex([...commitments]));
  if (committed.get(question.id)?.has(keyOf(round, phase, chained)))
    note.tell(`${commitments.length} commitments were on chain before the time to reveal: ${chained}`);
  else note.differ(`no log commits to batch ${chained} of phase ${phase}`);
  if (size(openings) !== reports.length * OPENING)
    return note.differ("there is not one opening for each value");
  for (const [index, { seat, value }] of reports.entries()) {
    const opening = slice(openings, index * OPENING, (index + 1) * OPENING);
    const own = [question.id, epoch, round, seat, value, slice(opening, 1)] as const;
    const isOwn =
      commitments[hexToNumber(slice(opening, 0, 1))] === keccak256(encodeAbiParameters(COMMITMENT, own));
    if (isOwn) note.tell(`seat ${seat} had committed to ${value}`);
    else note.differ(`seat ${seat} had not committed to ${value}`);
  }
  return undefined;
}
