import type { Addresses, Deployment } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import type { Analyst } from "@sooth/markets";
import {
  checkBooks,
  checkHeld,
  checkMoved,
  checkSheets,
  concludeOpinions,
  type ContractBooks,
  moneyOf,
  openSealed,
  opinionRows,
  type ProvenOpinions,
  type ProvenSeal,
  prizesOf,
  readSheet,
  roundToOpen,
  type SheetClaim,
  stanceOf,
} from "@sooth/markets/core";
import {
  type EvidenceBody,
  evidenceHash,
  familiesWanted,
  type LogFile,
  noteOn,
  type ProofFinding,
  type ProofLine,
  type ProofRecord,
  readEvidence,
  readSchema,
  sheetConfidenceWanted,
} from "@sooth/oracle/core";
import { OpsError } from "../ops-error.ts";
import type { BeaconRounds } from "./beacon-rounds.ts";
import type { Contents } from "./content-source.ts";
import { checkDeployment } from "./log-source.ts";
import { checkLabelsAgain } from "./relabel.ts";
import { replayFile, type Replayed, speaksOf } from "./replay-file.ts";
import {
  answeredRound,
  recordText,
  startOf,
  time,
  verdictText,
  type Verified,
  verifyAnswer,
} from "./verify-question.ts";

/** What was recomputed of one market. Nothing differs: every number in it follows from logs and signatures. */
export type VerifiedMarket = {
  market: Hex;
  kind: "opinions" | "pools";
  /** Null where no log tells what it rests on. */
  question: Hex | null;
  chainId: number;
  logs: number;
  head: { block: number; at: number };
  /** Of its question; null where no log tells which. */
  answer: Pick<Verified, "status" | "value" | "confidence" | "finalAt"> | null;
  result: string;
  /** All decimal, in the collateral's smallest unit. */
  money: { staked: string; paid: string; fee: string; owed: string; dust: string };
  opinions: OpinionFigures | null;
  lines: ProofLine[];
  findings: ProofFinding[];
};

/** Of opinion markets. Amounts are decimal. */
export type OpinionFigures = {
  statement: string | null;
  score: number | null;
  confidence: number | null;
  /** Null: nothing is drawn. */
  round: string | null;
  seed: Hex | null;
  bands: { stance: number; staked: string; opinions: number }[];
  positions: { owner: string; stance: number | null; staked: string; paid: string; due: string }[];
  /** Hidden stances, opened by the beacon's signature; stances are 0 to 100. */
  seals: ProvenSeal[];
  prizes: { prize: number; winner: string | null; amount: string; paidTo: string | null }[];
};

/** What is looked at beside the logs. */
export type MarketSources = {
  /** Of the question that it rests on. */
  evidence: (question: Hex) => Promise<readonly EvidenceBody[] | null>;
  /** Sheets and opinions of these hashes; null: none are given. */
  contents: ((hashes: readonly Hex[]) => Promise<Contents>) | null;
  /** Labels it again, from texts among the contents; null: labels are believed, and what follows from them is not. */
  analyst?: Analyst | null;
  /** What the contract itself says; null where no node is asked. */
  books: ((addresses: Addresses) => Promise<ContractBooks>) | null;
  /** What opens hidden stances where no log has it. */
  rounds: BeaconRounds;
};

/**
 * Replays all logs of the deployment and keeps what bears on one market, of opinions or of pools, and on the question that
 * it rests on. @throws ops.no_market where no log speaks of it
 */
export async function verifyMarket(
  file: LogFile,
  market: Hex,
  o: MarketSources & { deployment: Deployment | undefined },
): Promise<VerifiedMarket> {
  const { head } = file.header;
  const own: ProofRecord = { lines: [], findings: [] };
  const note = noteOn(own, startOf(head), market);
  const deployment = await checkDeployment(file, o.deployment, note);
  const { chainId, addresses } = deployment;
  const unknown = () => OpsError.no_market({ market, chainId, block: head.block });
  if (!speaksOf(file, market)) throw unknown();
  const replayed = replayFile(file, deployment, note, { opinions: true });
  const { recomputed } = replayed;
  const { opinions: ledger, oracle } = recomputed;
  const book = ledger.markets.get(market);
  const pool = recomputed.markets.find((one) => one.market === market);
  const isSpokenOf = oracle.findings.some(({ subject }) => subject === market);
  if (!book && !pool && !isSpokenOf) throw unknown();
  const question = book?.terms?.question ?? pool?.question ?? null;
  const evidence = question === null ? null : await o.evidence(question);
  let seals: ProvenSeal[] = [];
  if (book) {
    if (question !== null && evidence !== null)
      await readSheets(replayed, book, {
        contents: o.contents,
        analyst: o.analyst ?? null,
        question,
        evidence,
        own,
        head,
        opinions: addresses.opinions,
      });
    seals = await openSeals(replayed, book, { head, rounds: o.rounds });
    await closeBooks(replayed, book, { addresses, head, books: o.books });
  }
  const verified = question === null ? null : await verifyAnswer(replayed, question, { evidence, own, head });
  // Others rest on the same question: what is right of them is theirs to tell.
  const others = new Set(recomputed.markets.map((one) => one.market).filter((id) => id !== market));
  const isIts = ({ subject }: ProofLine) => subject === null || !others.has(subject as Hex);
  const bare: ProofRecord = {
    lines: [...own.lines, ...oracle.lines.filter(({ subject }) => subject === market)],
    findings: [
      ...replayed.unread,
      ...own.findings,
      ...oracle.findings.filter(({ subject }) => subject === market || subject === null),
    ],
  };
  const { lines, findings } = verified ?? bare;
  return {
    market,
    kind: book ? "opinions" : "pools",
    question,
    chainId,
    logs: replayed.logs + replayed.opinionLogs.length,
    head,
    answer: verified && {
      status: verified.status,
      value: verified.value,
      confidence: verified.confidence,
      finalAt: verified.finalAt,
    },
    ...(book ? figuresOfOpinions(book, replayed, seals) : figuresOfPool(market, replayed, verified)),
    lines: lines.filter(isIts),
    findings: findings.filter(isIts),
  };
}

/** The labels that each provider's answer rests on, where evidence and content are given. */
async function readSheets(
  { recomputed: { oracle }, domain }: Replayed,
  book: ProvenOpinions,
  o: Pick<MarketSources, "contents"> & {
    analyst: Analyst | null;
    question: Hex;
    evidence: readonly EvidenceBody[];
    own: ProofRecord;
    head: { block: number; at: number };
    opinions: Hex;
  },
): Promise<void> {
  const proven = oracle.questions.get(o.question);
  if (!proven) return;
  const round = answeredRound(proven);
  const reports = oracle.reports.get(o.question) ?? [];
  const claims = o.evidence.flatMap(({ name, text }): SheetClaim[] => {
    const read = readEvidence(text);
    // What it is called, and who signed it, the answer's own checks tell.
    if ("complaint" in read || evidenceHash(text) !== name.toLowerCase()) return [];
    const { question, round: its, provider, sources } = read.bundle;
    const report = reports.find(({ signer }) => sameAddress(signer, provider));
    if (question !== o.question || its !== round || !report) return [];
    const counted = sources.filter(({ value, dropped }) => value !== null && dropped === null);
    return counted.flatMap(({ type, sha256, value }) =>
      type === "opinions" && sha256 !== null
        ? [
            {
              seat: report.seat,
              sheet: sha256 as Hex,
              said: value,
              signed: report.value,
              alone: counted.length === 1,
            },
          ]
        : [],
    );
  });
  const opinions = o.analyst ? [...book.opinions.values()].map(({ opinion }) => opinion) : [];
  const hashes = [...new Set([...claims.map(({ sheet }) => sheet), ...opinions])];
  const contents = o.contents ? await o.contents(hashes) : { texts: new Map<Hex, string>(), misnamed: [] };
  const note = noteOn(o.own, { ...startOf(o.head), block: o.head.block }, book.id);
  for (const { name, hash } of contents.misnamed)
    note.differ(`the content called ${name} has sha256 ${hash}`);
  const { schema } = readSchema(proven.schema, proven.terms);
  const held = { book, texts: contents.texts, moment: schema.observeAt, chainId: domain.chainId };
  const families = familiesWanted(schema.sources);
  const confidence = sheetConfidenceWanted(schema.sources);
  checkSheets(claims, { ...held, contract: o.opinions, families, confidence }, note);
  if (!o.analyst || book.statement === null) return;
  const sheets = claims.flatMap(({ seat, sheet }) => {
    const said = readSheet(contents.texts.get(sheet) ?? "");
    return "sheet" in said ? [{ seat, sheet: said.sheet }] : [];
  });
  if (sheets.length === 0) return note.tell("no sheet that holds was given: nothing is labelled again");
  await checkLabelsAgain(
    sheets,
    { statement: book.statement, texts: contents.texts, analyst: o.analyst },
    note,
  );
}

/** Hidden stances, by the signature that anybody can have once the market is closed. */
async function openSeals(
  { recomputed: { opinions: ledger, oracle }, domain: { params } }: Replayed,
  book: ProvenOpinions,
  { head, rounds }: Pick<MarketSources, "rounds"> & { head: { block: number; at: number } },
): Promise<ProvenSeal[]> {
  const note = noteOn(oracle, { ...startOf(head), block: head.block }, book.id);
  const round = roundToOpen(ledger, book, head.at);
  const beacon = {
    publicKey: params.beaconKey,
    genesis: params.beaconGenesis,
    period: params.beaconPeriodSeconds,
  };
  const isAsked = round !== null && !oracle.signatures.has(round);
  const given = isAsked ? await rounds.signatureOf(beacon, round) : null;
  return openSealed(ledger, book, { signatureOf: () => given, now: head.at }, note);
}

/** What only the end tells of an opinion market's money. */
async function closeBooks(
  { recomputed: { opinions: ledger, oracle }, opinionLogs, money }: Replayed,
  book: ProvenOpinions,
  o: Pick<MarketSources, "books"> & { addresses: Addresses; head: { block: number; at: number } },
): Promise<void> {
  const note = noteOn(oracle, { ...startOf(o.head), block: o.head.block }, book.id);
  const moved = checkMoved(ledger, opinionLogs, money, o.addresses.opinions);
  concludeOpinions(ledger, book, note);
  checkHeld(ledger, moved, note);
  if (!o.books) return note.tell("no node was asked: the contract's own books are not compared");
  checkBooks(ledger, book.id, { books: await o.books(o.addresses), held: moved.held }, note);
}

type Figures = Pick<VerifiedMarket, "result" | "money" | "opinions">;

function figuresOfOpinions(
  book: ProvenOpinions,
  { recomputed: { oracle } }: Replayed,
  seals: ProvenSeal[],
): Figures {
  const { staked, paid, prizesPaid, feePaid, owed, rest } = moneyOf(book);
  const { ending, why, result, round } = book;
  const scored = result ? `score ${result.tally.score}` : ending;
  return {
    result: ending === "void" ? `void: ${why}` : ending === "none" ? "not ended" : scored,
    money: {
      staked: String(staked),
      paid: String(paid + prizesPaid),
      fee: String(feePaid),
      owed: String(owed),
      dust: String(rest),
    },
    opinions: {
      statement: book.statement,
      score: result?.tally.score ?? null,
      confidence: result?.confidence ?? null,
      round: round === 0n ? null : String(round),
      seed: oracle.seeds.get(round) ?? null,
      bands: book.totals.map((sum, band) => ({
        stance: stanceOf(band),
        staked: String(sum),
        opinions: book.counts[band] ?? 0,
      })),
      positions: opinionRows(book).map((row) => ({
        owner: row.owner,
        stance: row.band === null ? null : stanceOf(row.band),
        staked: String(row.staked),
        paid: String(row.paid),
        due: String(row.due),
      })),
      seals,
      prizes: prizesOf(book, oracle.seeds).map(({ prize, winner, amount, paidTo }) => ({
        prize,
        winner,
        amount: String(amount),
        paidTo,
      })),
    },
  };
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);

function figuresOfPool(market: Hex, { recomputed }: Replayed, verified: Verified | null): Figures {
  const rows = recomputed.rows.filter((row) => row.market === market);
  const proven = recomputed.markets.find((one) => one.market === market);
  const paid = sum(rows.map((row) => row.paid ?? 0n));
  const staked = sum(rows.map((row) => row.staked));
  const isOver = proven !== undefined && proven.result !== null;
  const fee = proven?.feePaid ? proven.fee : 0n;
  const feeOwed = isOver && !proven.feePaid ? proven.fee : 0n;
  const due = sum(rows.map((row) => (row.paid === null ? (row.due ?? row.staked) : 0n)));
  const owed = due + feeOwed;
  return {
    result: verified?.markets.find((one) => one.market === market)?.result ?? "nobody opened it",
    money: {
      staked: String(staked),
      paid: String(paid),
      fee: String(fee),
      owed: String(owed),
      dust: String(staked - paid - fee - owed),
    },
    opinions: null,
  };
}

/** What was recomputed, for people. */
export function verifiedMarketText(verified: VerifiedMarket): string[] {
  const { head, kind, question, answer, result, money, opinions } = verified;
  const { staked, paid, fee, owed, dust } = money;
  return [
    `market ${verified.market}, ${kind === "pools" ? "pools" : `opinions on ${JSON.stringify(opinions?.statement)}`}`,
    `question ${question ?? "unknown"}`,
    `chain ${verified.chainId}, ${verified.logs} logs up to block ${head.block} at ${time(head.at)}`,
    "",
    ...recordText(verified),
    "",
    ...(answer
      ? [
          `answer ${answer.status}${answer.value === null ? "" : `, value ${answer.value}, confidence ${answer.confidence}`}`,
        ]
      : []),
    `${result}: staked ${staked}, paid ${paid}, fee ${fee}, owed ${owed}, dust ${dust}`,
    ...(opinions?.bands ?? [])
      .filter((band) => band.opinions > 0)
      .map((band) => `stance ${band.stance}: ${band.staked} of ${band.opinions}`),
    ...sealsText(opinions?.seals ?? []),
    verdictText(verified),
  ];
}

/** Nothing where no stance was hidden. */
function sealsText(seals: readonly ProvenSeal[]): string[] {
  if (seals.length === 0) return [];
  const opened = seals.filter(({ seal }) => seal === "opens");
  const untold = opened.filter(({ told }) => told === null).length;
  const locked = seals.filter(({ seal }) => seal === "locked").length;
  const none = seals.filter(({ seal }) => seal === "none").length;
  const garbage = seals.length - opened.length - locked - none;
  return [
    `hidden stances ${seals.length}: ${opened.length} open, of these ${untold} not told; ${locked} still locked, ${garbage} sealed as garbage, ${none} not sealed`,
  ];
}
