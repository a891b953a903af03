import { courtAbi, guardAbi, ladderAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, type BlockRange, type Chain, inRanges } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { getAbiItem, zeroHash } from "viem";
import {
  decodeSignerSet,
  type Dispute,
  disputeId,
  type Jury,
  readSchema,
  type Seat,
  type SignerSet,
  termsFromChain,
} from "../../core/index.ts";
import type { Clarification, KnownQuestion } from "./chain-view.ts";

/** A jury that has not been closed. */
export type KnownJury = {
  id: Hex;
  jury: Jury;
  /** Of the ladder's: the dispute that it decides, and what it holds against the answer. */
  about: { dispute: Hex; claim: bigint } | null;
  /** Batches of commitments that the chain has. */
  posted: Set<Hex>;
};
export type KnownDispute = { id: Hex; dispute: Dispute };

const REORG_BLOCKS = 64;
const ASKED = getAbiItem({ abi: oracleAbi, name: "Asked" });
const CLARIFIED = getAbiItem({ abi: oracleAbi, name: "Clarified" });
const DISPUTED = [
  getAbiItem({ abi: oracleAbi, name: "Disputed" }),
  getAbiItem({ abi: oracleAbi, name: "Ruled" }),
];
const CONVENED = getAbiItem({ abi: ladderAbi, name: "Convened" });
const COURT = [
  getAbiItem({ abi: courtAbi, name: "JuryOpened" }),
  getAbiItem({ abi: courtAbi, name: "CommitsPosted" }),
  getAbiItem({ abi: courtAbi, name: "JuryClosed" }),
];

/**
 * What a provider's node sees of disputes and juries, in memory. It only says where to look: whatever is signed rests on
 * what the contracts say at that moment.
 */
export class DisputeView {
  readonly disputes = new Map<Hex, KnownDispute>();
  readonly juries = new Map<Hex, KnownJury>();
  private readonly questions = new Map<Hex, KnownQuestion>();
  private readonly jurors = new Map<number, readonly Seat[]>();
  private readonly hub: Chain;
  private readonly addresses: Addresses;
  private readonly fromBlock: number;
  private next: number;
  /** The head up to which all was read last. */
  private last: Hex | null = null;

  constructor(hub: Chain, addresses: Addresses, fromBlock: number) {
    this.hub = hub;
    this.addresses = addresses;
    this.fromBlock = fromBlock;
    this.next = fromBlock;
  }

  /** Reads what is new, and the last blocks once more, because they may have been others. @throws chain.rpc_unreachable */
  async refresh(): Promise<void> {
    const head = await this.hub.client.getBlock({ blockTag: "latest" });
    // A block's hash is of all before it: under the same head there is nothing else to be seen.
    if (head.hash === this.last) return;
    const to = Number(head.number);
    const from = Math.max(this.fromBlock, Math.min(this.next, to + 1) - REORG_BLOCKS);
    await inRanges({ from, to }, (range) => this.read(range));
    this.next = to + 1;
    this.last = head.hash;
  }

  /** The open dispute of a question, as far as logs tell. */
  ofQuestion(question: Hex): KnownDispute | undefined {
    return [...this.disputes.values()].findLast(({ dispute }) => dispute.question === question);
  }

  /** Terms and schema as they were logged: the question may be older than what this node otherwise keeps. */
  async questionOf(id: Hex): Promise<KnownQuestion | undefined> {
    const known = this.questions.get(id);
    if (known) return known;
    const question = await this.askedAs(id);
    if (!question) return undefined;
    this.questions.set(id, question);
    return question;
  }

  /** The jurors of a snapshot, in its order. Its code never changes. */
  async jurorsOf(epoch: number): Promise<readonly Seat[]> {
    const known = this.jurors.get(epoch);
    if (known) return known;
    const [blob] = await this.hub.client.readContract({
      address: this.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "jurorSetOf",
      args: [epoch],
    });
    const { seats } = decodeSignerSet(epoch, await this.hub.client.getCode({ address: blob }));
    this.jurors.set(epoch, seats);
    return seats;
  }

  /** Who signed for `epoch` of a domain. */
  async signersOf(domain: number, epoch: number): Promise<SignerSet> {
    const blob = await this.hub.client.readContract({
      address: this.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "signerSetOf",
      args: [domain, epoch],
    });
    return decodeSignerSet(epoch, await this.hub.client.getCode({ address: blob }));
  }

  /** What the court clock shows now. */
  clock(): Promise<number> {
    return this.hub.client.readContract({
      address: this.addresses.guard,
      abi: guardAbi,
      functionName: "clock",
    });
  }

  private async head(): Promise<number> {
    return Number(await this.hub.client.getBlockNumber({ cacheTime: 0 }));
  }

  /** From the latest block down to the one in which it was asked: nothing is clarified before, nor once it is open. */
  private async askedAs(id: Hex): Promise<KnownQuestion | undefined> {
    let question: Omit<KnownQuestion, "clarifications"> | undefined;
    const clarifications: Clarification[] = [];
    const filter = { address: this.addresses.oracle, args: { question: id }, strict: true } as const;
    const span = { from: this.fromBlock, to: await this.head(), latestFirst: true };
    await inRanges(span, async (range) => {
      const [[asked], clarified] = await Promise.all([
        this.hub.client.getLogs({ ...filter, ...range, event: ASKED }),
        this.hub.client.getLogs({ ...filter, ...range, event: CLARIFIED }),
      ]);
      const found = clarified.map(({ args: { round, text }, blockNumber }) => ({
        round,
        block: Number(blockNumber),
        text,
      }));
      clarifications.unshift(...found);
      if (!asked) return undefined;
      const terms = termsFromChain(asked.args.terms);
      question = { id, terms, ...readSchema(asked.args.schema, terms) };
      return "enough";
    });
    return question && { ...question, clarifications };
  }

  private async read(range: BlockRange): Promise<undefined> {
    const filter = { ...range, strict: true } as const;
    const { oracle, ladder, court } = this.addresses;
    const [disputed, convened, sittings] = await Promise.all([
      this.hub.client.getLogs({ address: oracle, events: DISPUTED, ...filter }),
      this.hub.client.getLogs({ address: ladder, event: CONVENED, ...filter }),
      this.hub.client.getLogs({ address: court, events: COURT, ...filter }),
    ]);
    for (const log of disputed)
      if (log.eventName === "Ruled") this.disputes.delete(log.args.dispute);
      else {
        const { question, disputer, answer, claim, deposit } = log.args;
        const block = await this.hub.client.getBlock({ blockNumber: log.blockNumber });
        const at = Number(block.timestamp);
        const dispute = {
          question,
          answer,
          root: zeroHash,
          disputer,
          claim,
          claimRoot: zeroHash,
          deposit,
          at,
        };
        this.disputes.set(disputeId(dispute), { id: disputeId(dispute), dispute });
      }
    for (const log of sittings) this.see(log);
    for (const { args } of convened) {
      const jury = this.juries.get(args.jury);
      if (jury) jury.about = { dispute: args.dispute, claim: args.claim };
    }
    // Of the same blocks come first what opens and then what ends.
    for (const log of sittings) if (log.eventName === "JuryClosed") this.juries.delete(log.args.jury);
  }

  private see(log: CourtLog): void {
    if (log.eventName === "JuryOpened") {
      const { jury: id, terms } = log.args;
      if (!this.juries.has(id)) this.juries.set(id, { id, jury: terms, about: null, posted: new Set() });
    }
    if (log.eventName === "CommitsPosted") this.juries.get(log.args.jury)?.posted.add(log.args.batch);
  }
}

type CourtLog =
  | { eventName: "JuryOpened"; args: { jury: Hex; terms: Jury } }
  | { eventName: "CommitsPosted"; args: { jury: Hex; batch: Hex } }
  | { eventName: "JuryClosed"; args: { jury: Hex } };
