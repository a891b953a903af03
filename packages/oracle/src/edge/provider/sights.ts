import { open, readFile } from "node:fs/promises";
import { canonicalJson, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { evidenceBundle, wireHex32, wireInteger, wireSeconds } from "../../core/index.ts";
import { replaceLines } from "./replace-lines.ts";

const sightSchema = z.object({
  /** Chain and oracle whose question it is. */
  domain: z.string(),
  question: wireHex32,
  /** Of the question, in which it was looked at. */
  round: z.number().int().min(0).max(255),
  /** Chain time at the start of the look. */
  at: wireSeconds,
  value: wireInteger,
  /** Of a vector; its value is 0. */
  values: z.array(wireInteger).optional(),
  reason: z.string(),
  /** As they stand in evidence: of each body its hash and its start. */
  sources: evidenceBundle.shape.sources,
  /** The hash over the clarifications that were read. */
  clarified: z.string().nullable(),
  /** When to ask the chain whether the question is over, unix seconds. */
  askAt: wireSeconds,
  /** Of the question, in collateral. */
  reward: wireInteger,
});
/** What a node saw of a question when its time had come. */
export type Sight = z.infer<typeof sightSchema> & { question: Hex };

/**
 * Each is some kilobytes. Of more than these the ones of the least reward are forgotten, of equals the newest, so that a flood
 * of cheap questions costs no other's.
 */
const MOST = 4_000;
/** Lines of the file that are of no use any more, before it is written anew. */
const MOST_DEAD = 1_000;

/**
 * What one node saw when signers look, kept for when it must judge their answer. It is nobody's promise: a line that cannot be
 * read is left out, and whoever has none judges less.
 */
export type Sights = {
  find(question: Hex, round: number): Sight | undefined;
  /** Keeps the first of a question and round. Returns once it would survive a crash of the machine. */
  keep(sight: Omit<Sight, "domain">): Promise<void>;
  /** Those that may be over at `now`, at most `count`. */
  old(now: number, count: number): Sight[];
  /** Forgets all of a question. */
  forget(question: Hex): void;
  /** Asks no sooner than `askAt` again whether the question is over. */
  postpone(question: Hex, askAt: number): void;
  readonly size: number;
  close(): Promise<void>;
};

/** Without a file they live in memory. @param most kept; 4,000 when not given */
export async function openSights(o: {
  file: string | undefined;
  domain: string;
  most?: number;
}): Promise<Sights> {
  const { file, domain, most = MOST } = o;
  const held = new Map<string, Sight>();
  const others: Sight[] = [];
  const nameOf = ({ question, round }: Pick<Sight, "question" | "round">) => `${question}:${round}`;
  for (const sight of file === undefined ? [] : await readSights(file))
    if (sight.domain !== domain) others.push(sight);
    else held.set(nameOf(sight), sight);
  // The first that is kept has the file written anew, which heals what a crash tore.
  let written = Number.POSITIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();

  const append = async (sight: Sight): Promise<void> => {
    if (file === undefined) return;
    const all = [...others, ...held.values()];
    if (written + 1 - all.length > MOST_DEAD) {
      await (await replaceLines(file, all)).close();
      written = all.length;
      return;
    }
    const handle = await open(file, "a", 0o600);
    try {
      await handle.appendFile(`${canonicalJson(sight)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    written += 1;
  };
  const leastOf = (): string | undefined =>
    [...held].reduce<[string, Sight] | undefined>(
      (least, one) => (least === undefined || BigInt(one[1].reward) <= BigInt(least[1].reward) ? one : least),
      undefined,
    )?.[0];

  return {
    find: (question, round) => held.get(nameOf({ question, round })),
    keep: async (seen) => {
      const sight = { domain, ...seen };
      if (held.has(nameOf(sight))) return;
      held.set(nameOf(sight), sight);
      while (held.size > most) {
        const least = leastOf();
        if (least === undefined) break;
        held.delete(least);
      }
      const before = last;
      last = (async () => {
        // One after the other: two lines written at once could mix. One that failed was told to whoever wrote it.
        await before.catch(() => undefined);
        await append(sight);
      })();
      await last;
    },
    old: (now, count) =>
      [...held.values()]
        .filter(({ askAt }) => askAt <= now)
        .toSorted((a, b) => a.askAt - b.askAt)
        .slice(0, count),
    forget: (question) => {
      for (const [name, sight] of held) if (sight.question === question) held.delete(name);
    },
    postpone: (question, askAt) => {
      for (const [name, sight] of held) if (sight.question === question) held.set(name, { ...sight, askAt });
    },
    get size() {
      return held.size;
    },
    close: async () => {
      await last.catch(() => undefined); // told to whoever wrote
    },
  };
}

async function readSights(file: string): Promise<Sight[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line): Sight[] => {
    try {
      return [sightSchema.parse(JSON.parse(line)) as Sight];
    } catch {
      return []; // torn by a crash: nothing was signed for it, so nothing is lost but the sight
    }
  });
}
