import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { BundlesError, type Fact, factText, type Journal, sayable } from "../../core/index.ts";

const lineSchema = z.object({
  /** The hub's chain and the contract that the signature counts for. */
  domain: z.string(),
  signer: z.string(),
  epoch: z.number().int(),
  subject: z.string(),
  content: z.string(),
});
type Line = z.infer<typeof lineSchema>;

const READ_BYTES = 1_048_576;
const LINE_FEED = 0x0a;

/** What one key has said. Written before a signature leaves, so that a node killed at any moment never says two things of one subject. */
export type FactJournal = {
  said: Journal;
  /**
   * Returns once all of them would survive a crash of the machine. When one writing fails nothing is said ever after: what the
   * file lacks must not be taken for written. @throws bundles.said_otherwise before anything is written, bundles.journal_broken
   */
  say(epoch: number, facts: readonly Fact[]): Promise<void>;
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
  const said = new Map<string, string>();
  const signer = o.signer.toLowerCase();
  let handle: FileHandle | undefined;
  if (o.file !== undefined) {
    const bytes = await readLines(o.file, (line) => {
      if (line.domain === o.domain && line.signer === signer) said.set(line.subject, line.content);
    });
    handle = await openBehind(o.file, bytes);
  }
  let broken: Error | undefined;
  let waiting: string[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();
  /** Many batches share one write and one sync: what waits while another is under way goes together. */
  const write = (text: string): Promise<void> => {
    if (handle === undefined) return Promise.resolve();
    waiting.push(text);
    const before = last;
    next ??= (async () => {
      await before.catch(() => undefined);
      const all = waiting.join("");
      [waiting, next] = [[], null];
      // A line behind one that was torn would make the file unreadable.
      if (broken) throw broken;
      try {
        await handle?.appendFile(all);
        await handle?.datasync();
      } catch (cause) {
        broken = BundlesError.journal_broken({ file: o.file ?? "" }, { cause });
        o.onBroken?.(broken);
        throw broken;
      }
    })();
    last = next;
    return next;
  };
  return {
    said,
    say: async (epoch, facts) => {
      if (broken) throw broken;
      const [contradicting] = sayable(facts, said).contradicts;
      if (contradicting) throw BundlesError.said_otherwise({ subject: factText(contradicting).subject });
      const added = new Map<string, string>();
      for (const { subject, content } of facts.map(factText)) {
        if ((added.get(subject) ?? content) !== content) throw BundlesError.said_otherwise({ subject });
        if (!said.has(subject)) added.set(subject, content);
      }
      const lines: Line[] = [];
      for (const [subject, content] of added) {
        said.set(subject, content);
        lines.push({ domain: o.domain, signer, epoch, subject, content });
      }
      // Also when nothing is new: a line of the same subject may be on its way still.
      await write(lines.map((line) => `${canonicalJson(line)}\n`).join(""));
    },
    close: async () => {
      await last.catch(() => undefined); // told to whoever wrote
      await handle?.close();
    },
  };
}

/**
 * Tells every whole line, one after the other: the file may be larger than any text or list in memory.
 * @returns bytes of the whole lines; what stands behind the last line feed was never synced as a whole
 */
async function readLines(file: string, told: (line: Line) => void): Promise<number> {
  let rest: Buffer[] = [];
  let [bytes, count] = [0, 0];
  try {
    for await (const part of createReadStream(file, { highWaterMark: READ_BYTES })) {
      const chunk = part as Buffer;
      let from = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
        const line = Buffer.concat([...rest, chunk.subarray(from, end)]);
        rest = [];
        from = end + 1;
        bytes += line.length + 1;
        told(lineOf(file, line, ++count));
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  return bytes;
}

function lineOf(file: string, bytes: Buffer, line: number): Line {
  try {
    return lineSchema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    // Going on without it could say something else: a person must look.
    throw BundlesError.bad_journal({ file, line }, { cause: error });
  }
}

/** The file, open behind its last whole line; it is there after a crash too. */
async function openBehind(file: string, bytes: number): Promise<FileHandle> {
  const handle = await open(file, "a", 0o600);
  await handle.truncate(bytes);
  await handle.sync();
  const folder = await open(path.dirname(file), "r");
  await folder.sync();
  await folder.close();
  return handle;
}
