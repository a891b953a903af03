import { type Deployment, oracleLimitsOf } from "@sooth/chain";
import { ascending, type Hex } from "@sooth/kernel";
import { recompute, type Recomputed } from "@sooth/markets/core";
import {
  type AnswerWord,
  checkEvidence,
  checkItems,
  checkReputation,
  type EvidenceBody,
  evidenceStatements,
  INVALID,
  type LogFile,
  type LogPlace,
  noteOn,
  placeOf,
  type ProofFinding,
  type ProofLine,
  type ProofRecord,
  roundOfWord,
  statusOf,
} from "@sooth/oracle/core";
import { readProofLogs } from "../audit/read-logs.ts";
import { recoverAll, recoverSigners } from "../audit/signers.ts";
import { OpsError } from "../ops-error.ts";
import { checkDeployment } from "./log-source.ts";

/** What was recomputed of one question. Nothing differs: every number in it follows from logs and signatures. */
export type Verified = {
  question: Hex;
  chainId: number;
  /** Logs that were read, and up to which block. */
  logs: number;
  head: { block: number; at: number };
  status: string;
  /** Decimal; null while there is none. */
  value: string | null;
  confidence: number | null;
  /** Unix seconds; null while there is no answer. */
  finalAt: number | null;
  lines: ProofLine[];
  findings: ProofFinding[];
  markets: {
    market: Hex;
    result: string;
    positions: number;
    due: string;
    paid: string;
    fee: string;
    dust: string;
  }[];
};

/**
 * Replays all logs of the deployment and keeps what bears on one question. Asks nobody anything.
 * @throws ops.no_question where no log speaks of it
 */
export async function verifyQuestion(
  file: LogFile,
  question: Hex,
  o: {
    deployment: Deployment | undefined;
    evidence: readonly EvidenceBody[] | null;
    /** Of a vector: the values that are said to stand under its root. */
    items?: readonly bigint[] | null;
  },
): Promise<Verified> {
  const { head } = file.header;
  const digits = question.slice(2);
  const isKnown = file.logs.some(
    ({ topics, data }) => topics.some((topic) => topic.toLowerCase() === question) || data.includes(digits),
  );
  const own: ProofRecord = { lines: [], findings: [] };
  const end: LogPlace = { block: head.block, logIndex: 0, at: head.at, transaction: "0x" };
  const note = noteOn(own, { ...end, block: 0 }, question);
  const { chainId, params, addresses } = await checkDeployment(file, o.deployment, note);
  const domain = {
    chainId,
    oracle: addresses.oracle,
    addresses,
    params: { ...params, limits: oracleLimitsOf(params) },
  };
  if (!isKnown) throw OpsError.no_question({ question, chainId, block: head.block });
  const { logs, findings: unread } = readProofLogs(file.logs, addresses);
  for (const log of file.logs)
    if (log.block > head.block) note.differ(`log ${placeOf(log)} lies beyond the head, block ${head.block}`);
  const recomputed = recompute(logs, domain, await recoverSigners(logs, domain), head.at);
  const { oracle } = recomputed;
  checkReputation(oracle, question);
  const proven = oracle.questions.get(question);
  if (!proven) note.differ("no log asks this question");
  const facts = proven?.word.state === "root" ? proven.root?.facts : proven?.raw;
  if (o.evidence && proven && facts !== undefined && proven.word.state !== "open") {
    const signerOf = await recoverAll(evidenceStatements(o.evidence, domain));
    const reports = oracle.reports.get(question) ?? [];
    const round = roundOfWord(facts);
    const { salts } = proven;
    const asked = { question, round, reports, domain, signerOf, salts };
    checkEvidence(o.evidence, asked, noteOn(own, end, question));
  }
  if (o.items && proven) checkItems(proven, o.items, noteOn(own, end, question));
  const bears = ({ subject }: ProofLine): boolean =>
    subject === question || (oracle.bears.get(subject ?? "")?.has(question) ?? false);
  // Wrong is also what belongs to nothing that is known: a log of a market of which no log says what it rests on.
  const isElsewhere = (subject: string) =>
    oracle.questions.has(subject as Hex) || oracle.bears.has(subject) || subject.startsWith("domain ");
  return {
    question,
    chainId,
    logs: logs.length,
    head,
    ...endOf(proven?.word ?? { state: "none" }, head.at),
    lines: [...own.lines, ...recomputed.lines.filter(bears)],
    // What cannot be read, or is wrong with stakes and credit, may bear on any question.
    findings: [
      ...unread,
      ...own.findings,
      ...recomputed.findings.filter(
        (finding) => bears(finding) || finding.subject === null || !isElsewhere(finding.subject),
      ),
    ],
    markets: marketsOf(recomputed, question),
  };
}

function endOf(word: AnswerWord, now: number): Pick<Verified, "status" | "value" | "confidence" | "finalAt"> {
  const status = statusOf(word, now);
  if (word.state !== "answered") return { status, value: null, confidence: null, finalAt: null };
  const value = word.value === INVALID ? null : String(word.value);
  return { status, value, confidence: word.confidence, finalAt: word.finalizeAt };
}

function marketsOf({ markets, rows }: Recomputed, question: Hex): Verified["markets"] {
  return markets
    .filter((market) => market.question === question)
    .map(({ market, result, fee, dust }) => {
      const own = rows.filter((row) => row.market === market);
      const sum = (of: (row: (typeof own)[number]) => bigint | null) =>
        String(own.reduce((all, row) => all + (of(row) ?? 0n), 0n));
      const ended =
        result === null ? "open" : result.kind === "won" ? `outcome ${result.winner} won` : "void";
      return {
        market,
        result: ended,
        positions: own.length,
        due: sum(({ due }) => due),
        paid: sum(({ paid }) => paid),
        fee: String(fee),
        dust: String(dust),
      };
    });
}

const time = (seconds: number): string => `${seconds} (${new Date(seconds * 1000).toISOString()})`;

/** Lines and findings in the order of the chain, for people. */
export function verifiedText(verified: Verified): string[] {
  const { lines, findings, head, status, value, confidence, finalAt, markets } = verified;
  const all = [
    ...lines.map((line) => ({ ...line, mark: "ok     " })),
    ...findings.map((finding) => ({ ...finding, mark: "DIFFERS" })),
  ].toSorted((a, b) => byPlace(a.where, b.where));
  const width = Math.max(5, ...all.map(({ where }) => where.length));
  return [
    `question ${verified.question}`,
    `chain ${verified.chainId}, ${verified.logs} logs up to block ${head.block} at ${time(head.at)}`,
    "",
    ...all.map(({ mark, where, what }) => `${mark}  ${where.padEnd(width)}  ${what}`),
    "",
    `status ${status}${value === null ? "" : `, value ${value}, confidence ${confidence}`}${
      finalAt === null ? "" : `, final at ${time(finalAt)}`
    }`,
    ...markets.map(
      ({ market, result, positions, due, paid, fee, dust }) =>
        `market ${market}: ${result}, ${positions} positions, due ${due}, paid ${paid}, fee ${fee}, dust ${dust}`,
    ),
    findings.length === 0
      ? `VERIFIED: ${lines.length} checks, nothing differs.`
      : `${findings.length} DIFFER, ${lines.length} hold.`,
  ];
}

function byPlace(a: string, b: string): number {
  const [blockA = 0, indexA = 0] = a.split(":").map(Number);
  const [blockB = 0, indexB = 0] = b.split(":").map(Number);
  return ascending(blockA, blockB) || ascending(indexA, indexB);
}
