import { feedsAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, type Chain, inRanges } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { getAbiItem } from "viem";
import {
  longestWindow,
  type AnswerWord,
  decodeAnswerWord,
  decodeSignerSet,
  type FeedSchema,
  type FeedTerms,
  type FirstParty,
  firstPartyOf,
  type QuestionSchema,
  readFeedSchema,
  readSchema,
  type SignerSet,
  type Terms,
  termsFromChain,
} from "../../core/index.ts";

export type KnownQuestion = {
  id: Hex;
  terms: Terms;
  schema: QuestionSchema;
  fault: string | null;
  /** What the asker said about it since, in turn. */
  clarifications: readonly Clarification[];
};
export type Clarification = { round: number; block: number; text: string };
type PostedBatch = { round: number; phase: number; chained: Hex; block: number };
type Head = { number: number; timestamp: number; hash: Hex };

/** How far a reorg may reach: logs are read again from so far below. */
const REORG_BLOCKS = 64;

const EVENTS = [
  ...(
    ["Asked", "Clarified", "Answered", "AnsweredRoot", "Reopened", "Ruled", "ReportsCommitted"] as const
  ).map((name) => getAbiItem({ abi: oracleAbi, name })),
  getAbiItem({ abi: feedsAbi, name: "Created" }),
];

/**
 * A provider's own view of the chain, in memory: which questions are open. It only says where to look: whatever is
 * signed rests on `wordOf` and `signerSet`, read at that moment.
 */
export class ChainView {
  readonly questions = new Map<Hex, KnownQuestion>();
  /** What programs can tell, in the order in which it was created. A feed is the hash of its terms, so no reorg changes one. */
  readonly feeds = new Map<Hex, FeedSchema>();
  /** Of those that one key tells: whose, and what it signs. */
  readonly owners = new Map<Hex, FirstParty>();
  /** How often each changed: reopened, or anything after a reorg. */
  private readonly changes = new Map<Hex, number>();
  /** With the chain time until which a report that is not in the answer is still worth handing over. */
  private readonly answered = new Map<Hex, number>();
  private readonly answers = new Map<Hex, { round: number; block: number }>();
  /** Hashes of batches of commitments, by question. */
  private readonly committed = new Map<Hex, PostedBatch[]>();
  private readonly hub: Chain;
  private readonly addresses: Addresses;
  private readonly fromBlock: number;
  private last: Head | null = null;
  private readonly sets = new Map<number, { blob: Hex; signers: SignerSet }>();

  constructor(hub: Chain, addresses: Addresses, fromBlock: number) {
    this.hub = hub;
    this.addresses = addresses;
    this.fromBlock = fromBlock;
  }

  /** Chain time of the last refresh; unix seconds. */
  get now(): number {
    return this.last?.timestamp ?? 0;
  }

  /** Of the last refresh; the block before the first one while there was none. */
  get head(): { number: number; timestamp: number } {
    return this.last ?? { number: this.fromBlock - 1, timestamp: 0 };
  }

  /** Reads what is new; false when the head is the same. @throws chain.rpc_unreachable, and goes on there next time */
  async refresh(): Promise<boolean> {
    const block = await this.hub.client.getBlock({ blockTag: "latest" });
    const head = { number: Number(block.number), timestamp: Number(block.timestamp), hash: block.hash };
    if (head.hash === this.last?.hash) return false;
    const from = await this.firstUnread(head);
    await this.readLogs(from, head);
    this.last = head;
    for (const { id, terms } of this.questions.values()) if (isOver(terms, head.timestamp)) this.forget(id);
    return true;
  }

  /** Open as far as logs tell, or answered so lately that a report still shows who was there; with something to read. */
  open(): KnownQuestion[] {
    return [...this.questions.values()].filter(
      ({ id, fault, schema, terms }) =>
        fault === null &&
        schema.sources.length > 0 &&
        terms.deadline >= this.now &&
        this.now < (this.answered.get(id) ?? Number.POSITIVE_INFINITY),
    );
  }

  /** Answered as far as logs tell, perhaps not finally, and with something to read. */
  answeredOnes(): KnownQuestion[] {
    return [...this.questions.values()].filter(
      ({ id, fault, schema }) => fault === null && schema.sources.length > 0 && this.answered.has(id),
    );
  }

  /** How often a question changed: whoever did something about it before looks again. */
  changesOf(id: Hex): number {
    return this.changes.get(id) ?? 0;
  }

  /** Of the last answer as far as logs tell; undefined where there is none, or a root. */
  answerOf(id: Hex): { round: number; block: number } | undefined {
    return this.answers.get(id);
  }

  /** Whether a batch of commitments to this question was on chain in time, as far as logs tell. */
  isCommitted(id: Hex, batch: Omit<PostedBatch, "block">): boolean {
    return (this.committed.get(id) ?? []).some(
      ({ round, phase, chained }) =>
        round === batch.round && phase === batch.phase && chained === batch.chained,
    );
  }

  /** Whether any batch of that phase is: without one there is nothing to show a value for. */
  hasCommits(id: Hex, round: number, phase: number): boolean {
    return (this.committed.get(id) ?? []).some((batch) => batch.round === round && batch.phase === phase);
  }

  async wordOf(id: Hex): Promise<AnswerWord> {
    const word = await this.hub.client.readContract({
      address: this.addresses.oracle,
      abi: oracleAbi,
      functionName: "wordOf",
      args: [id],
    });
    return decodeAnswerWord(word);
  }

  /** The current signer set of a domain. Its code never changes, so it is read once per epoch. */
  async signers(domain: number): Promise<SignerSet> {
    const [blob, epoch] = await this.hub.client.readContract({
      address: this.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "signerSet",
      args: [domain],
    });
    const known = this.sets.get(domain);
    if (known?.blob === blob && known.signers.epoch === epoch) return known.signers;
    const code = epoch === 0 ? undefined : await this.hub.client.getCode({ address: blob });
    const signers = decodeSignerSet(epoch, code);
    this.sets.set(domain, { blob, signers });
    return signers;
  }

  /** What stood in the place of an answer is gone. */
  private noteOpen(id: Hex): void {
    this.answered.delete(id);
    this.answers.delete(id);
    this.noteChange(id);
  }

  private noteAnswer(id: Hex, word: bigint, block: number): void {
    const answer = decodeAnswerWord(word);
    const known = this.questions.get(id);
    const isAnswer = known && answer.state === "answered";
    this.answered.set(id, isAnswer ? lateUntil(answer.finalizeAt, known.terms) : 0);
    if (isAnswer) this.answers.set(id, { round: answer.round, block });
  }

  private forget(id: Hex): void {
    this.questions.delete(id);
    this.answered.delete(id);
    this.answers.delete(id);
    this.changes.delete(id);
    this.committed.delete(id);
  }

  private noteChange(id: Hex): void {
    this.changes.set(id, this.changesOf(id) + 1);
  }

  /** Where to read on: after the last block, or well below it when that block is gone. */
  private async firstUnread(head: Head): Promise<number> {
    if (!this.last) return this.fromBlock;
    if (head.number > this.last.number) {
      const same = await this.hub.client.getBlock({ blockNumber: BigInt(this.last.number) });
      if (same.hash === this.last.hash) return this.last.number + 1;
    }
    this.answered.clear();
    this.answers.clear();
    const from = Math.max(this.fromBlock, Math.min(head.number, this.last.number) - REORG_BLOCKS);
    for (const [id, batches] of this.committed)
      this.committed.set(
        id,
        batches.filter(({ block }) => block < from),
      );
    for (const question of this.questions.values()) {
      this.noteChange(question.id);
      // Those of a branch that is gone were never said; the others are read again.
      question.clarifications = question.clarifications.filter(({ block }) => block < from);
    }
    return from;
  }

  private async readLogs(first: number, head: Head): Promise<void> {
    await inRanges({ from: first, to: head.number }, async (range) => {
      const logs = await this.hub.client.getLogs({
        // One request for both: the least that a provider costs its node counts for every block.
        address: [this.addresses.oracle, this.addresses.feeds],
        events: EVENTS,
        strict: true,
        ...range,
      });
      // The client knows no types of events that are chosen by a list.
      for (const log of logs as readonly (SeenLog & { blockNumber: bigint })[])
        this.apply(log, Number(log.blockNumber), head.timestamp);
      return undefined;
    });
  }

  private apply(log: SeenLog, block: number, now: number): void {
    if (log.eventName === "Created") {
      const { feed, schema, terms } = log.args;
      const read = this.feeds.has(feed) ? null : readFeedSchema(feed, schema);
      if (read === null) return;
      this.feeds.set(feed, read);
      const owner = firstPartyOf(terms);
      if (owner !== null) this.owners.set(feed, owner);
      return;
    }
    const id = log.args.question;
    switch (log.eventName) {
      case "Asked": {
        const terms = termsFromChain(log.args.terms);
        if (isOver(terms, now) || this.questions.has(id)) return;
        this.questions.set(id, { id, terms, ...readSchema(log.args.schema, terms), clarifications: [] });
        return;
      }
      case "Clarified": {
        const question = this.questions.get(id);
        if (!question) return;
        const { round, text } = log.args;
        const others = question.clarifications.filter((each) => each.round !== round);
        question.clarifications = [...others, { round, block, text }];
        this.noteChange(id);
        return;
      }
      case "ReportsCommitted": {
        if (!this.questions.has(id)) return;
        const { round, phase, chained } = log.args;
        const batch = { round, phase: Number(phase), chained, block };
        // Of the phases before the last two nothing is shown any more.
        const kept = (this.committed.get(id) ?? []).filter((each) => each.phase >= batch.phase - 1);
        this.committed.set(id, [...kept, batch]);
        return;
      }
      case "Answered":
        this.noteAnswer(id, log.args.word, block);
        return;
      case "AnsweredRoot":
        this.answered.set(id, 0);
        return;
      case "Ruled":
        if (decodeAnswerWord(log.args.word).state === "open") this.noteOpen(id);
        return;
      case "Reopened":
        this.noteOpen(id);
    }
  }
}

/** An answer may come with the deadline and be final a window later. */
const isOver = ({ deadline, liveness }: Terms, now: number): boolean =>
  deadline + longestWindow(liveness) < now;

/**
 * Until when somebody logs what was handed over too late for an answer: half its liveness, see `noteLate`. With less
 * than a few seconds left it would come too late for that as well.
 */
export const lateUntil = (finalizeAt: number, { liveness }: Pick<Terms, "liveness">): number =>
  finalizeAt - Math.ceil(liveness / 2) - 2;

type SeenLog =
  | {
      eventName: "Asked";
      args: { question: Hex; terms: Parameters<typeof termsFromChain>[0]; schema: string };
    }
  | { eventName: "Clarified"; args: { question: Hex; round: number; text: string } }
  | { eventName: "ReportsCommitted"; args: { question: Hex; round: number; phase: bigint; chained: Hex } }
  | { eventName: "Created"; args: { feed: Hex; schema: string; terms: FeedTerms } }
  | { eventName: "Answered" | "Ruled"; args: { question: Hex; word: bigint } }
  | { eventName: "AnsweredRoot" | "Reopened"; args: { question: Hex } };
