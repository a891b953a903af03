import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { BundlesError, type Fact, factText, type Journal, sayable } from "../../core/index.ts";
import type { Remembered } from "../watch/index.ts";
import { copyPart, openBehind, readLines, syncFolder } from "./journal-file.ts";
import {
  isDecisionPast,
  isOrdinalPast,
  isPast,
  type LowWater,
  lowWaterFromWire,
  lowWaterToWire,
  NO_LOW_WATER,
  raised,
  wireLowWater,
} from "./low-water.ts";

const ofWhom = {
  /** The hub's chain and the contract that the signature counts for. */
  domain: z.string(),
  signer: z.string(),
};
const saidSchema = z.object({
  ...ofWhom,
  epoch: z.number().int(),
  subject: z.string(),
  content: z.string(),
  /** Of a decision: its bundle's, unix seconds. Without it the line is never left out. */
  deadline: z.number().int().optional(),
});
const markSchema = z.object({ ...ofWhom, mark: wireLowWater });
type Said = z.infer<typeof saidSchema>;
type Line = Said | z.infer<typeof markSchema>;

/** Fewer lines are read in a moment, and are not worth writing anew. */
const LEAST_LINES = 10_000;
const WRITE_BYTES = 1_048_576;

export type DeadlineOf = (id: Hex) => number | undefined;
/** What one key has said. Written before a signature leaves, so that a node killed at any moment never says two things of one subject. */
export type FactJournal = {
  said: Journal;
  /** Of what the journal keeps no lines any more nothing is said. @param deadlineOf of the headers of bundles, as chains show them */
  isPast(fact: Fact, deadlineOf: DeadlineOf): boolean;
  /**
   * Returns once all of them would survive a crash of the machine. When one writing fails nothing is said ever after: what the
   * file lacks must not be taken for written.
   * @throws bundles.said_otherwise, bundles.long_over before anything is written; bundles.journal_broken
   */
  say(epoch: number, facts: readonly Fact[], deadlineOf: DeadlineOf): Promise<void>;
  /** Whether it has grown to twice of what was left when it was last compacted. */
  readonly isLarge: boolean;
  /**
   * Leaves out the lines of bundles that nobody needs, and says nothing of those ever after.
   * @param needed bundles that have not ended; of others with a deadline earlier than `before` nobody needs a decision
   * @returns how many lines were left out
   */
  compact(needed: Iterable<Remembered>, before: number): Promise<number>;
  close(): Promise<void>;
};

/**
 * Opens the journal of one signing key; without a file it lives in memory. A last line torn by a crash was never sent and does
 * not count. @throws bundles.bad_journal
 */
export async function openFactJournal(o: {
  file: string | undefined;
  signer: Hex;
  domain: string;
  /** Told once, when a writing failed: the journal must be opened anew. */
  onBroken?: (error: Error) => void;
}): Promise<FactJournal> {
  const journal = new OpenJournal(o);
  await journal.read();
  return journal;
}

class OpenJournal implements FactJournal {
  readonly said = new Map<string, string>();
  readonly #file: string | undefined;
  readonly #domain: string;
  readonly #signer: string;
  readonly #onBroken: ((error: Error) => void) | undefined;
  #mark: LowWater = NO_LOW_WATER;
  #handle: FileHandle | undefined;
  /** Of the file's whole lines. */
  #bytes = 0;
  #lines = 0;
  #kept = 0;
  #isCompacting = false;
  #broken: Error | undefined;
  #waiting: string[] = [];
  #next: Promise<void> | null = null;
  /** What changes the file, one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(o: Parameters<typeof openFactJournal>[0]) {
    this.#file = o.file;
    this.#domain = o.domain;
    this.#signer = o.signer.toLowerCase();
    this.#onBroken = o.onBroken;
  }

  async read(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    // Whoever was compacting it fell before it took this one's place.
    await rm(besideOf(file), { force: true });
    this.#bytes = await readLines(file, (bytes, number) => {
      const line = lineOf(file, bytes, number);
      this.#lines++;
      if (!this.#isOwn(line)) return;
      if ("mark" in line) this.#mark = lowWaterFromWire(line.mark);
      else this.said.set(line.subject, line.content);
    });
    this.#handle = await openBehind(file, this.#bytes);
  }

  isPast(fact: Fact, deadlineOf: DeadlineOf): boolean {
    return isPast(fact, this.#mark, deadlineOf);
  }

  get isLarge(): boolean {
    return this.#lines >= 2 * this.#kept + LEAST_LINES;
  }

  async say(epoch: number, facts: readonly Fact[], deadlineOf: DeadlineOf): Promise<void> {
    if (this.#broken) throw this.#broken;
    const [contradicting] = sayable(facts, this.said).contradicts;
    if (contradicting) throw BundlesError.said_otherwise({ subject: factText(contradicting).subject });
    const added = new Map<string, Said>();
    for (const fact of facts) {
      const { subject, content } = factText(fact);
      if (this.isPast(fact, deadlineOf)) throw BundlesError.long_over({ subject });
      if ((added.get(subject)?.content ?? content) !== content)
        throw BundlesError.said_otherwise({ subject });
      const deadline = fact.kind === "decision" ? deadlineOf(fact.id) : undefined;
      const line = { domain: this.#domain, signer: this.#signer, epoch, subject, content };
      if (!this.said.has(subject)) added.set(subject, deadline === undefined ? line : { ...line, deadline });
    }
    for (const { subject, content } of added.values()) this.said.set(subject, content);
    // Also when nothing is new: a line of the same subject may be on its way still.
    await this.#write([...added.values()].map((line) => `${canonicalJson(line)}\n`));
  }

  async compact(needed: Iterable<Remembered>, before: number): Promise<number> {
    if (this.#isCompacting || this.#broken) return 0;
    this.#isCompacting = true;
    const beside = this.#file && besideOf(this.#file);
    try {
      // From here on nothing is said of what is left out, whatever becomes of the file.
      this.#mark = raised(this.#mark, { said: ordinalsIn(this.said.keys()), needed, before });
      const mark = this.#mark;
      const out = new Set<string>();
      if (this.#file === undefined || beside === undefined) {
        for (const subject of this.said.keys()) if (isLeftOut({ subject }, mark)) out.add(subject);
      } else await this.#rewrite(this.#file, beside, mark, out);
      for (const subject of out) this.said.delete(subject);
      return out.size;
    } finally {
      this.#isCompacting = false;
    }
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined); // told to whoever wrote
    await this.#handle?.close();
  }

  /** Many batches share one write and one sync: what waits while another is under way goes together. */
  #write(lines: readonly string[]): Promise<void> {
    if (this.#handle === undefined) return Promise.resolve();
    this.#waiting.push(...lines);
    this.#next ??= this.#alone(async (handle) => {
      const all = this.#waiting;
      [this.#waiting, this.#next] = [[], null];
      // A line behind one that was torn would make the file unreadable.
      if (this.#broken) throw this.#broken;
      try {
        const bytes = Buffer.from(all.join(""));
        await handle.appendFile(bytes);
        await handle.datasync();
        await needOwn(handle);
        this.#bytes += bytes.length;
        this.#lines += all.length;
      } catch (cause) {
        throw this.#break(cause);
      }
    });
    return this.#next;
  }

  #alone(change: (handle: FileHandle) => Promise<void>): Promise<void> {
    const before = this.#last;
    const now = (async () => {
      await before.catch(() => undefined);
      if (this.#handle) await change(this.#handle);
    })();
    this.#last = now;
    return now;
  }

  #break(cause: unknown): Error {
    const broken = BundlesError.journal_broken({ file: this.#file ?? "" }, { cause });
    this.#broken = broken;
    this.#onBroken?.(broken);
    return broken;
  }

  /**
   * Another file, whole and synced before it takes this one's name: whoever falls at any moment finds the one or the other. What is
   * said meanwhile is written to this one, and copied before it goes.
   */
  async #rewrite(file: string, beside: string, mark: LowWater, out: Set<string>): Promise<void> {
    const [copied, lines] = [this.#bytes, this.#lines];
    const copy = await open(beside, "ax", 0o600);
    try {
      let kept = 1;
      let texts: string[] = [
        `${canonicalJson({ domain: this.#domain, signer: this.#signer, mark: lowWaterToWire(mark) })}\n`,
      ];
      let waiting = 0;
      const flush = async () => {
        await copy.appendFile(texts.join(""));
        [texts, waiting] = [[], 0];
      };
      await readLines(
        file,
        (bytes, number) => {
          const line = lineOf(file, bytes, number);
          if (this.#isOwn(line)) {
            if ("mark" in line) return undefined;
            if (isLeftOut(line, mark)) return void out.add(line.subject);
          }
          kept++;
          waiting += bytes.length;
          texts.push(`${bytes.toString()}\n`);
          return waiting > WRITE_BYTES ? flush() : undefined;
        },
        copied,
      );
      await flush();
      await this.#alone(async (handle) => {
        if (this.#broken) throw this.#broken;
        // What was read by its name may be another's, and this one has not seen what that one said.
        await needOwn(handle).catch((cause: unknown) => {
          throw this.#break(cause);
        });
        // What another said behind one's own lines would be lost; as it is the file holds both.
        if ((await handle.stat()).size !== this.#bytes) throw new Error("another writes to the file too");
        await copyPart(file, copied, this.#bytes, copy);
        await copy.sync();
        await rename(beside, file);
        try {
          await syncFolder(file);
          this.#handle = copy;
          this.#bytes = (await copy.stat()).size;
          this.#kept = kept;
          this.#lines += kept - lines;
          await handle.close();
        } catch (cause) {
          // Which of the two a crash would leave is not known.
          throw this.#break(cause);
        }
      });
    } catch (error) {
      if (this.#handle !== copy) {
        await copy.close();
        await rm(beside, { force: true });
      }
      throw error;
    }
  }

  #isOwn({ domain, signer }: Line): boolean {
    return domain === this.#domain && signer === this.#signer;
  }
}

/** Another that compacts the same file takes it away from under this one. */
async function needOwn(handle: FileHandle): Promise<void> {
  if ((await handle.stat()).nlink === 0) throw new Error("the file is another's now");
}

const besideOf = (file: string): string => `${file}.compacted`;

function lineOf(file: string, bytes: Buffer, line: number): Line {
  try {
    const json = JSON.parse(bytes.toString()) as object;
    return "mark" in json ? markSchema.parse(json) : saidSchema.parse(json);
  } catch (error) {
    // Going on without it could say something else: a person must look.
    throw BundlesError.bad_journal({ file, line }, { cause: error });
  }
}

/** As {factText} writes it. */
function partsOf(subject: string): { kind: string; of: string } {
  const [kind = "", of = ""] = subject.split(" ");
  return { kind, of };
}
const isOfOrdinal = (kind: string): boolean => kind === "opened" || kind === "receipt";

function* ordinalsIn(subjects: Iterable<string>): Generator<bigint> {
  for (const subject of subjects) {
    const { kind, of } = partsOf(subject);
    if (isOfOrdinal(kind)) yield BigInt(of);
  }
}

/** Whether no second thing can be said of it: nothing will be, or there is but one. */
function isLeftOut({ subject, deadline }: Pick<Said, "subject" | "deadline">, mark: LowWater): boolean {
  const { kind, of } = partsOf(subject);
  if (isOfOrdinal(kind)) return isOrdinalPast(mark, BigInt(of));
  if (kind === "decision") return deadline !== undefined && isDecisionPast(mark, of as Hex, deadline);
  return kind === "prepared";
}
