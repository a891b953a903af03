import { open, readFile } from "node:fs/promises";
import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { OracleError, wireCommitment, wireHex32, wireOpening } from "../../core/index.ts";

const voteSchema = wireCommitment.extend(wireOpening.shape).extend({ jury: wireHex32, signer: z.string() });
/** One vote of this key: what it commits to, and what opens it. The file is secret until the reveal window. */
export type KeptVote = z.infer<typeof voteSchema> & { jury: Hex; commitment: Hex; signature: Hex; salt: Hex };

/** The votes of one key. Written before anybody sees the commitment, so that a node killed at any moment never signs two. */
export type VoteJournal = {
  find(jury: Hex): KeptVote | undefined;
  /** Returns once the vote would survive a crash of the machine. */
  write(vote: KeptVote): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the votes of `signer`; without a file they live in memory. A last line torn by a crash was never sent and does not
 * count. @throws oracle.bad_journal
 */
export async function openVoteJournal(file: string | undefined, signer: Hex): Promise<VoteJournal> {
  const votes = new Map<Hex, KeptVote>();
  const whole = file === undefined ? "" : await wholeLines(file);
  for (const [index, line] of whole.split("\n").slice(0, -1).entries()) {
    const vote = readVote(line, { file: file ?? "", line: index + 1 });
    if (vote.signer === signer.toLowerCase()) votes.set(vote.jury, vote);
  }
  const handle = file === undefined ? undefined : await open(file, "a", 0o600);
  // The torn line would swallow the first half of the next.
  if (handle) await handle.truncate(Buffer.byteLength(whole));
  let last: Promise<void> = Promise.resolve();
  const append = async (vote: KeptVote) => {
    await handle?.appendFile(`${canonicalJson(vote)}\n`);
    await handle?.datasync();
    votes.set(vote.jury, vote);
  };
  return {
    find: (jury) => votes.get(jury),
    write: async (vote) => {
      const before = last;
      last = (async () => {
        await before.catch(() => undefined); // told to whoever wrote
        await append(vote);
      })();
      await last;
    },
    close: async () => {
      await last.catch(() => undefined); // told to whoever wrote
      await handle?.close();
    },
  };
}

async function wholeLines(file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    return text.slice(0, text.lastIndexOf("\n") + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function readVote(line: string, where: { file: string; line: number }): KeptVote {
  try {
    return voteSchema.parse(JSON.parse(line)) as KeptVote;
  } catch (error) {
    // Going on without it could sign a second vote: a person must look.
    throw OracleError.bad_journal(where, { cause: error });
  }
}
