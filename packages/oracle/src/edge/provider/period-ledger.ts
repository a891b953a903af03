import { epochsAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { type Addresses, type Chain, inRanges } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { getAbiItem } from "viem";
import {
  clustersByOwner,
  clustersSince,
  decodeAnswerWord,
  decodeSeat,
  type EndedQuestion,
  type OracleDomain,
  periodClusters,
  type PeriodRules,
  type ProviderRecord,
  seatsOf,
  takesLate,
  type QuorumAnswer,
  type Terms,
  termsFromChain,
  untilOf,
  workOut,
} from "../../core/index.ts";
import { type LateLog, lateValues } from "../reputation/late-values.ts";

/** The question for the root of a period. */
export type PeriodQuestion = { id: Hex; domain: number; number: number; terms: Terms };
type Seated = { signer: string; owner: Address; weight: bigint };
type Known = {
  id: Hex;
  terms: Terms;
  /** What was signed first, and what stands now. */
  signed?: { value: bigint; seats: bigint; epoch: number; round: number; report: Hex };
  stands?: { value: bigint; seats: bigint; epoch: number; finalAt: number };
  late: (LateLog & { at: number })[];
};

const EVENTS = [
  getAbiItem({ abi: oracleAbi, name: "Asked" }),
  getAbiItem({ abi: oracleAbi, name: "Answered" }),
  getAbiItem({ abi: oracleAbi, name: "Ruled" }),
  getAbiItem({ abi: oracleAbi, name: "Held" }),
  getAbiItem({ abi: oracleAbi, name: "Vetoed" }),
  getAbiItem({ abi: stakeManagerAbi, name: "Joined" }),
  getAbiItem({ abi: stakeManagerAbi, name: "SignerRotated" }),
  getAbiItem({ abi: stakeManagerAbi, name: "EpochAdvanced" }),
  getAbiItem({ abi: epochsAbi, name: "EpochAsked" }),
  getAbiItem({ abi: epochsAbi, name: "LateReported" }),
] as const;

/**
 * Reputation as logs alone tell it, in memory, from the first block of a deployment on: what a provider compares with
 * what others say before he signs it. It asks no server, and reads no table.
 */
export class PeriodLedger {
  private readonly questions = new Map<Hex, Known>();
  private readonly periods = new Map<Hex, { domain: number; number: number }>();
  private readonly sets = new Map<string, { signer: string; weight: bigint }[]>();
  private readonly owners = new Map<string, Address>();
  /** Up to which block it has read; null before. */
  last: { number: bigint; hash: Hex } | null = null;
  private readonly hub: Chain;
  private readonly addresses: Addresses;
  private readonly rules: PeriodRules;
  private readonly commitTier: bigint;
  private readonly fromBlock: number;

  /** @param commitTier from what a question secures on what is logged late is nobody's; collateral */
  constructor(
    hub: Chain,
    addresses: Addresses,
    rules: PeriodRules & { commitTier: bigint },
    fromBlock: number,
  ) {
    this.commitTier = rules.commitTier;
    this.hub = hub;
    this.addresses = addresses;
    this.rules = rules;
    this.fromBlock = fromBlock;
  }

  /** Reads what is new; all of it again when the last block read is gone. @throws chain.rpc_unreachable */
  async refresh(): Promise<void> {
    const head = await this.hub.client.getBlock({ blockTag: "latest" });
    if (head.hash === this.last?.hash) return;
    if (this.last) {
      const same = await this.hub.client.getBlock({ blockNumber: this.last.number }).catch(() => undefined);
      if (same?.hash !== this.last.hash) this.forgetAll();
    }
    const from = this.last ? this.last.number + 1n : BigInt(this.fromBlock);
    await this.readLogs(from, head.number);
    this.last = { number: head.number, hash: head.hash };
  }

  /** Questions for roots of periods, as they were asked. */
  asked(): PeriodQuestion[] {
    return [...this.periods].flatMap(([id, { domain, number }]) => {
      const known = this.questions.get(id);
      return known ? [{ id, domain, number, terms: known.terms }] : [];
    });
  }

  /** What a period says of everybody, the root of it, and until when it went, unix seconds. Its end must be settled. */
  async period(
    domain: number,
    number: number,
  ): Promise<{ root: Hex; records: ProviderRecord[]; until: number }> {
    const until = untilOf(this.rules, number);
    const chain: OracleDomain = { chainId: this.hub.definition.id, oracle: this.addresses.oracle };
    const { genesis } = this.rules;
    const span = { chainId: chain.chainId, since: clustersSince(this.rules, number), until };
    const ended: EndedQuestion[] = [];
    for (const known of this.questions.values()) {
      const finalAt = known.stands?.finalAt ?? Infinity;
      const counts = known.terms.domain === domain || finalAt > span.since;
      const one = finalAt <= until && counts ? await this.endedOf(chain, known) : null;
      if (one) ended.push(one);
    }
    const clusters = clustersByOwner(periodClusters(span, ended));
    const own = ended.filter(({ terms }) => terms.domain === domain);
    // From the beginning every time: nothing rests on what was worked out before.
    return { ...workOut(this.rules, { number, since: genesis, clusters }, [], own), until };
  }

  private async endedOf(chain: OracleDomain, known: Known): Promise<EndedQuestion | null> {
    const { id, terms, signed, stands } = known;
    if (!signed || !stands) return null;
    const set = this.seated(terms.domain, signed.epoch);
    const logs = known.late.filter(
      ({ epoch, round, at }) => epoch === signed.epoch && round === signed.round && at < stands.finalAt,
    );
    const isSignedFirst = stands.seats === signed.seats && stands.epoch === signed.epoch;
    const again = this.seated(terms.domain, stands.epoch);
    const answer: QuorumAnswer = { ...signed, set: set.map(({ owner, weight }) => ({ owner, weight })) };
    return {
      id,
      terms,
      finalAt: stands.finalAt,
      value: stands.value,
      signed: answer,
      resigned: isSignedFirst ? [] : seatsOf(stands.seats).flatMap((seat) => again[seat]?.owner ?? []),
      late: takesLate(terms, this.commitTier, signed.value) ? lateValues(chain, logs, set) : new Map(),
    };
  }

  private seated(domain: number, epoch: number): Seated[] {
    const set = this.sets.get(`${domain}:${epoch}`) ?? [];
    return set.flatMap(({ signer, weight }) => {
      const owner = this.owners.get(signer);
      return owner ? [{ signer, owner, weight }] : [];
    });
  }

  private forgetAll(): void {
    for (const held of [this.questions, this.periods, this.sets, this.owners]) held.clear();
    this.last = null;
  }

  private async readLogs(first: bigint, last: bigint): Promise<void> {
    const { oracle, stakeManager, epochs } = this.addresses;
    const times = new Map<bigint, number>();
    await inRanges({ from: Number(first), to: Number(last) }, async (range) => {
      const address = [oracle, stakeManager, epochs];
      const logs = await this.hub.client.getLogs({ address, events: EVENTS, strict: true, ...range });
      // Only where the time of a log counts is its block asked for. A range is taken whole or not at all.
      for (const { eventName, blockNumber } of logs)
        if (eventName === "LateReported" && !times.has(blockNumber)) {
          const { timestamp } = await this.hub.client.getBlock({ blockNumber });
          times.set(blockNumber, Number(timestamp));
        }
      for (const log of logs) this.apply(log, times.get(log.blockNumber) ?? 0);
      return undefined;
    });
  }

  private apply(log: SeenLog, at: number): void {
    switch (log.eventName) {
      case "Asked": {
        const { question: id, terms } = log.args;
        this.questions.set(id, { id, terms: termsFromChain(terms), late: [] });
        return;
      }
      case "Answered":
        this.stands(log.args.question, log.args.word, log.args.report);
        return;
      case "Ruled":
        this.stands(log.args.question, log.args.word);
        return;
      case "Held":
      case "Vetoed": {
        const stands = this.questions.get(log.args.question)?.stands;
        if (stands) stands.finalAt = log.args.finalizeAt;
        return;
      }
      case "Joined":
        this.nameOwner(log.args.signer, log.args.owner);
        return;
      case "SignerRotated":
        this.nameOwner(log.args.to, log.args.owner);
        return;
      case "EpochAdvanced":
        this.sets.set(`${log.args.domain}:${log.args.epoch}`, log.args.seats.map(decodeSeat));
        return;
      case "EpochAsked":
        this.periods.set(log.args.question, { domain: log.args.domain, number: log.args.number });
        return;
      case "LateReported":
        this.questions.get(log.args.question)?.late.push({ ...log.args, at });
    }
  }

  /** A report, or a ruling, that leaves an answer; one that reopens leaves none. */
  private stands(id: Hex, stored: bigint, report?: Hex): void {
    const known = this.questions.get(id);
    if (!known) return;
    const word = decodeAnswerWord(stored);
    if (word.state !== "answered") {
      known.stands = undefined;
      return;
    }
    const { value, seats, epoch, round, finalizeAt } = word;
    known.stands = { value, seats, epoch, finalAt: finalizeAt };
    if (report !== undefined) known.signed = { value, seats, epoch, round, report };
  }

  /** A key belongs to the first who names it. */
  private nameOwner(signer: Address, owner: Address): void {
    const key = signer.toLowerCase();
    if (!this.owners.has(key)) this.owners.set(key, owner.toLowerCase() as Address);
  }
}

type SeenLog =
  | { eventName: "Asked"; args: { question: Hex; terms: Parameters<typeof termsFromChain>[0] } }
  | { eventName: "Answered"; args: { question: Hex; word: bigint; report: Hex } }
  | { eventName: "Ruled"; args: { question: Hex; word: bigint } }
  | { eventName: "Held" | "Vetoed"; args: { question: Hex; finalizeAt: number } }
  | { eventName: "Joined"; args: { owner: Address; signer: Address } }
  | { eventName: "SignerRotated"; args: { owner: Address; to: Address } }
  | { eventName: "EpochAdvanced"; args: { domain: number; epoch: number; seats: readonly bigint[] } }
  | { eventName: "EpochAsked"; args: { question: Hex; domain: number; number: number } }
  | { eventName: "LateReported"; args: LateLog };
