import type { Logger } from "@sooth/runtime";
import { type Fact, factFromWire, factTree, type SignedBatch, wireProposal } from "../../core/index.ts";

/** What a collector asks to have signed. Its root was worked out here, of these facts. */
export type Proposal = { facts: readonly Fact[]; batch: SignedBatch };

/** Lines that are kept, of so many characters together: collectors show one line to all at about the same time. */
const MOST_KEPT = 64;
const MOST_CHARACTERS = 8_000_000;

/**
 * What collectors show, read: the keys of one process are shown the same lines, of which each is read and hashed once. What is so
 * at a moment, as whether it is in time, is not for here.
 */
export class Proposals {
  /** The oldest first. */
  readonly #known = new Map<string, Proposal | null>();
  #characters = 0;

  /** Null for what is no batch, or has another root than it says. */
  read(line: string, log: Logger): Proposal | null {
    const known = this.#known.get(line);
    if (known !== undefined) return known;
    const read = readLine(line);
    if (read === "no_batch") log.info("a collector showed what is no batch");
    if (read === "other_root") log.info("a collector showed a batch with another root");
    const found = typeof read === "string" ? null : read;
    this.#known.set(line, found);
    this.#characters += line.length;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT && this.#characters <= MOST_CHARACTERS) break;
      this.#known.delete(oldest);
      this.#characters -= oldest.length;
    }
    return found;
  }
}

function readLine(line: string): Proposal | "no_batch" | "other_root" {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return "no_batch";
  }
  const read = wireProposal.safeParse(json);
  if (!read.success) return "no_batch";
  const { epoch, validUntil, root } = read.data;
  const facts = read.data.facts.map(factFromWire);
  const own = factTree(facts).root;
  return own === root ? { facts, batch: { epoch, validUntil, root: own } } : "other_root";
}
