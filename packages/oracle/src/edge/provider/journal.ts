import { readFile } from "node:fs/promises";
import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import {
  OracleError,
  wireAddress,
  wireBatchSignature,
  wireHandover,
  wireHex32,
  wireInteger,
  wireReportCommitment,
  wireRootHandover,
  wireSeconds,
  wireSignedReceipt,
} from "../../core/index.ts";
import { replaceLines } from "./replace-lines.ts";

const entrySchema = z.object({
  signer: wireAddress,
  /** Chain and oracle that the signature counts for. */
  domain: z.string(),
  /** Of the question: afterwards the entry is of no use. */
  deadline: wireSeconds,
  handover: wireHandover,
});
export type JournalEntry = z.infer<typeof entrySchema>;

const receiptSchema = entrySchema.omit({ handover: true }).extend({
  receipt: wireSignedReceipt,
  /** What opens the receipt's `accepted`: with them anybody can reckon it. */
  value: wireInteger,
  signature: z.string(),
});
/** That a report was taken, by the word of whoever took it. */
export type KeptReceipt = z.infer<typeof receiptSchema>;
const rootSchema = entrySchema.omit({ handover: true }).extend({ rootReport: wireRootHandover });
/** A root that was signed for a Root question. */
export type RootEntry = z.infer<typeof rootSchema>;
const commitmentSchema = entrySchema.omit({ handover: true }).extend({
  committed: wireReportCommitment.extend({ seat: z.number().int(), value: wireInteger, secret: wireHex32 }),
});
/** A commitment of this key and what opens it: secret until the time to reveal. */
export type CommitmentEntry = z.infer<typeof commitmentSchema>;
export type KeptCommitment = CommitmentEntry["committed"];
const cosignedSchema = entrySchema.omit({ handover: true }).extend({ cosigned: wireBatchSignature });
/** The one batch of a phase that this key signed. */
export type CosignedEntry = z.infer<typeof cosignedSchema>;
export type KeptCosigned = CosignedEntry["cosigned"];
type Line = JournalEntry | KeptReceipt | RootEntry | CommitmentEntry | CosignedEntry;

/** For so long after its question's deadline a receipt can still be needed: disputes come later than answers. */
const RECEIPT_SECONDS = 90 * 86_400;

/** What a provider has signed. Written before anybody sees it, so that a node killed at any moment never signs two values. */
export type Journal = {
  /** What was signed for this round, of the epoch if there is one, else of the latest epoch. */
  find(question: Hex, round: number, epoch: number): JournalEntry | undefined;
  /** Returns once the entry would survive a crash of the machine. */
  write(entry: JournalEntry): Promise<void>;
  /** Keeps a receipt; the same again changes nothing. */
  keep(receipt: KeptReceipt): Promise<void>;
  receiptFor(question: Hex, round: number, epoch: number): KeptReceipt | undefined;
  /** The root that was signed for this round and epoch. */
  rootFor(question: Hex, round: number, epoch: number): { root: Hex; signature: Hex } | undefined;
  /** Returns once the entry would survive a crash of the machine. */
  writeRoot(entry: RootEntry): Promise<void>;
  /** What was committed to in this round, epoch and phase: nothing else may be, also by a node that was started again. */
  commitmentFor(question: Hex, round: number, epoch: number, phase: number): KeptCommitment | undefined;
  /** Returns once the entry would survive a crash of the machine. */
  writeCommitment(entry: CommitmentEntry): Promise<void>;
  /** The batch that was signed in this round, epoch and phase: a second one would cost all of the stake. */
  cosignedIn(question: Hex, round: number, epoch: number, phase: number): KeptCosigned | undefined;
  /** Returns once the entry would survive a crash of the machine. */
  writeCosigned(entry: CosignedEntry): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the journal of one signing key on one oracle; without a file it lives in memory. Entries whose questions are
 * over at `now` (chain time) are dropped. A last line torn by a crash was never sent and does not count. @throws oracle.bad_journal
 */
export async function openJournal(o: {
  file: string | undefined;
  signer: Hex;
  domain: string;
  now: number;
}): Promise<Journal> {
  const kept = lastPhases(
    (o.file === undefined ? [] : await readLines(o.file)).filter(
      (line) => line.deadline + ("receipt" in line ? RECEIPT_SECONDS : 0) >= o.now,
    ),
  );
  const isOurs = (entry: Line) =>
    entry.domain === o.domain && entry.signer.toLowerCase() === o.signer.toLowerCase();
  const byRound = new Map<string, JournalEntry[]>();
  const receipts = new Map<string, KeptReceipt>();
  const roots = new Map<string, RootEntry>();
  const commitments = new Map<string, KeptCommitment[]>();
  const cosigned = new Map<string, KeptCosigned[]>();
  const remember = (entry: Line) => {
    if ("receipt" in entry) {
      const { question, round, epoch } = entry.receipt.receipt;
      receipts.set(`${question}:${round}:${epoch}`, entry);
      return;
    }
    if ("rootReport" in entry) {
      const { question, round, epoch } = entry.rootReport;
      roots.set(`${question}:${round}:${epoch}`, entry);
      return;
    }
    if ("committed" in entry) {
      const { question, phase } = entry.committed;
      // The last two phases: of those before nothing is signed any more.
      const own = (commitments.get(question) ?? []).filter((each) => each.phase >= phase - 1);
      commitments.set(question, [...own, entry.committed]);
      return;
    }
    if ("cosigned" in entry) {
      const { question, phase } = entry.cosigned;
      const own = (cosigned.get(question) ?? []).filter((each) => each.phase >= phase - 1);
      cosigned.set(question, [...own, entry.cosigned]);
      return;
    }
    const key = `${entry.handover.question}:${entry.handover.round}`;
    byRound.set(key, [...(byRound.get(key) ?? []), entry]);
  };
  for (const entry of kept.filter(isOurs)) remember(entry);
  const file = o.file === undefined ? undefined : await replaceLines(o.file, kept);
  const append = async (entry: Line) => {
    await file?.appendFile(`${canonicalJson(entry)}\n`);
    await file?.datasync();
    remember(entry);
  };
  let last: Promise<void> = Promise.resolve();
  const write = async (entry: Line) => {
    // One after the other: two lines written at once could mix. A write that failed does not stop the next.
    const before = last;
    last = (async () => {
      await before.catch(() => undefined);
      await append(entry);
    })();
    await last;
  };
  return {
    find: (question, round, epoch) => {
      const entries = byRound.get(`${question}:${round}`) ?? [];
      return entries.find(({ handover }) => handover.epoch === epoch) ?? entries.at(-1);
    },
    write,
    writeRoot: write,
    commitmentFor: (question, round, epoch, phase) =>
      commitments
        .get(question)
        ?.find((each) => each.round === round && each.epoch === epoch && each.phase === phase),
    writeCommitment: write,
    cosignedIn: (question, round, epoch, phase) =>
      cosigned
        .get(question)
        ?.find((each) => each.round === round && each.epoch === epoch && each.phase === phase),
    writeCosigned: write,
    rootFor: (question, round, epoch) => {
      const found = roots.get(`${question}:${round}:${epoch}`)?.rootReport;
      return found && { root: found.root as Hex, signature: found.signature as Hex };
    },
    keep: async (entry) => {
      const { question, round, epoch } = entry.receipt.receipt;
      if (receipts.get(`${question}:${round}:${epoch}`)?.receipt.id !== entry.receipt.id) await write(entry);
    },
    receiptFor: (question, round, epoch) => receipts.get(`${question}:${round}:${epoch}`),
    close: async () => {
      await last.catch(() => undefined); // told to whoever wrote
      await file?.close();
    },
  };
}

/** What a line says of a phase, and of which question and key; null for lines of none. */
function phaseOf(line: Line): { key: string; phase: number } | null {
  const of = "committed" in line ? line.committed : "cosigned" in line ? line.cosigned : null;
  return of && { key: `${line.signer}:${line.domain}:${of.question}`, phase: of.phase };
}

/** All but what is of phases before the last two of its question: a question that is not answered has very many. */
function lastPhases(lines: readonly Line[]): Line[] {
  const last = new Map<string, number>();
  for (const line of lines) {
    const of = phaseOf(line);
    if (of) last.set(of.key, Math.max(last.get(of.key) ?? 0, of.phase));
  }
  return lines.filter((line) => {
    const of = phaseOf(line);
    return of === null || of.phase >= (last.get(of.key) ?? 0) - 1;
  });
}

async function readLines(file: string): Promise<Line[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  // What stands behind the last line feed was never synced as a whole.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line, index) => {
    try {
      return z
        .union([receiptSchema, rootSchema, commitmentSchema, cosignedSchema, entrySchema])
        .parse(JSON.parse(line));
    } catch (error) {
      // Going on without it could sign a second value: a person must look.
      throw OracleError.bad_journal({ file, line: index + 1 }, { cause: error });
    }
  });
}
