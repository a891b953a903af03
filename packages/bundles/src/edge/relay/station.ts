import { type Chain, type DirectLane, marketFees } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import {
  type AttestedBatch,
  encodeEvidence,
  fairOrder,
  type Fact,
  factText,
  statedBytes,
  statedGas,
} from "../../core/index.ts";
import { type Aftermath, aftermathOf, type Receipt, receiptSoon } from "./aftermath.ts";
import { attempt, type Attempt, cannotTry, MOST_GAS, type Tried } from "./attempt.ts";
import { type Desk, DESKS, type DeskContext, deskOf, draftOf, isSingle, type Job } from "./desks.ts";
import { relayBatch, relayHeldBack, relayHop, relaySent, relayWaiting } from "./metrics.ts";
import type { Asked, Evidence } from "./ports.ts";
import { RecentBatches } from "./recent-batches.ts";
import { sayings, subjectOf } from "./sayings.ts";

/** A batch leaves when it has this many, or when its first waited this long. */
const MOST_JOBS = 50;
const LINGER_MS = 25;
/** Nodes keep no transaction above 128 KiB in their pools; evidence takes some of it. */
const MOST_BYTES = 100_000;
/** Gas that legs of one transaction may state together, and what is around each. */
const MOST_STATED = 14_000_000;
const AROUND_LEG = 40_000;
/** Batches that are put together at the same time: most of their time is spent waiting for attesters and nodes. */
const MOST_UNDER_WAY = 24;
/** An API holds each question for two seconds. */
const MOST_ASKS = 5;
/** A node takes in this long what a block changed. */
const SETTLE_MS = 150;

/** How a job came out of being looked at; the bundler decides when to look again. */
export type Outcome =
  /** Sent, and its nonce was used: whatever it did shows on the chain. Null when no receipt says what, and what it cost. */
  | { kind: "done"; came: Pick<Aftermath, "said" | "wei"> | null }
  /** Not sent: it would fail, and nobody would gain by that being written down. */
  | { kind: "held_back"; why: string }
  | { kind: "unattested"; why: string };

export type StationOptions = {
  chain: Chain;
  lanes: readonly DirectLane[];
  context: DeskContext;
  evidence: Evidence;
  /** Whether its bundle repays this much gas. */
  affords(job: Job, gas: bigint): boolean;
  /** Whether it is time that the failure of this leg is written down, which lets what ran be undone. */
  mayFail(job: Job): boolean;
  settled(job: Job, outcome: Outcome): void;
  signal: AbortSignal;
  log: Logger;
};

/** Everything that is done on one chain: what can be done waits here, by its method, until a batch is full or old enough. */
export class Station {
  readonly #o: StationOptions;
  readonly #waiting = new Map<Desk, Map<string, Job>>(DESKS.map((desk) => [desk, new Map()]));
  /** Milliseconds: when the first of those that wait came, by desk. */
  readonly #since = new Map<Desk, number>();
  #underWay = 0;
  /** Taken, and neither sent nor told of yet. */
  readonly #open = new Set<Job>();
  readonly #recent = new RecentBatches();
  #timer: NodeJS.Timeout | undefined;
  #now = 0;

  constructor(o: StationOptions) {
    this.#o = o;
  }

  put(job: Job): void {
    const desk = deskOf(job);
    const queue = this.#queue(desk);
    if (queue.size === 0) this.#since.set(desk, performance.now());
    queue.set(job.key, job);
    this.#timer ??= setTimeout(() => this.#flush(), LINGER_MS);
    if (queue.size === MOST_JOBS) this.#flush();
  }

  async onHead(head: { number: number; timestamp: number }): Promise<void> {
    this.#now = head.timestamp;
    const { chain, lanes } = this.#o;
    const market = marketFees(chain.client);
    // Whoever stands by asks for nothing, and is told of no failure.
    market.catch(() => undefined);
    await Promise.all(lanes.map((lane) => lane.onHead(head.number, market)));
    this.#flush();
  }

  #queue(desk: Desk): Map<string, Job> {
    return need(this.#waiting.get(desk), "a desk");
  }

  /** Takes batches while there is room for them. What comes home, or commits what is held, goes before what begins. */
  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const desk of ["finish", "cancel", "take_back", "commit_prepared", "run", ...DESKS] as const)
      while (this.#hasRoom() && this.#queue(desk).size > 0 && this.#lingers(desk) <= 0)
        void this.#start(desk, this.#take(desk));
    const left = [...this.#waiting.values()].reduce((sum, queue) => sum + queue.size, 0);
    relayWaiting.set({ chain: this.#o.chain.definition.name }, left);
    if (left === 0 || !this.#hasRoom()) return;
    const waits = DESKS.flatMap((desk) => (this.#queue(desk).size > 0 ? [this.#lingers(desk)] : []));
    this.#timer = setTimeout(() => this.#flush(), Math.ceil(Math.min(...waits)));
  }

  /**
   * Milliseconds for which more is waited for: what ends, or is full, of others lets nothing leave early, or a step that came with
   * fifty others would go by itself.
   */
  #lingers(desk: Desk): number {
    if (this.#queue(desk).size >= (isSingle(desk) ? 1 : MOST_JOBS)) return 0;
    return (this.#since.get(desk) ?? 0) + LINGER_MS - performance.now();
  }

  #hasRoom(): boolean {
    return (
      this.#underWay < MOST_UNDER_WAY && this.#o.lanes.some((lane) => lane.hasRoom) && !this.#o.signal.aborted
    );
  }

  #take(desk: Desk): Job[] {
    const queue = this.#queue(desk);
    const most = isSingle(desk) ? 1 : MOST_JOBS;
    const all = [...queue.values()];
    const fair =
      all.length <= most
        ? all
        : fairOrder(
            all.map(({ key, view, since }) => ({ id: key as Hex, owner: view.bundle.owner, since })),
            most,
          ).map(({ id }) => need(queue.get(id), "a job"));
    let [bytes, stated] = [0, 0];
    const taken: Job[] = [];
    for (const job of fair) {
      if (taken.length > 0 && job.alone) continue;
      const size = sizeOf(job);
      if (taken.length > 0 && (bytes + size.bytes > MOST_BYTES || stated + size.gas > MOST_STATED)) break;
      bytes += size.bytes;
      stated += size.gas;
      taken.push(job);
      if (job.alone) break;
    }
    for (const { key } of taken) queue.delete(key);
    return taken;
  }

  async #start(desk: Desk, jobs: Job[]): Promise<void> {
    this.#underWay++;
    const now = performance.now();
    for (const { since } of jobs) relayHop.observe({ hop: "wait" }, (now - since) / 1_000);
    for (const job of jobs) this.#open.add(job);
    try {
      await this.#attest(desk, jobs);
    } catch (error) {
      if (!this.#o.signal.aborted)
        this.#o.log.warn({ err: error, chain: this.#o.chain.definition.name, desk }, "a batch failed");
      // What left before is under way, and is told of when it was mined.
      for (const job of jobs) if (this.#open.has(job)) this.#holdBack(desk, [job], "error");
    } finally {
      this.#underWay--;
      this.#flush();
    }
  }

  /** Asks for evidence of all of them; those of which some fact is not attested yet wait, the others go on. */
  async #attest(desk: Desk, jobs: Job[]): Promise<void> {
    const draft = draftOf(desk, jobs, this.#o.context);
    if (draft.facts.length === 0) return this.#try(desk, jobs, null, draft);
    const began = performance.now();
    const asked = await this.#ask(draft.facts);
    relayHop.observe({ hop: "attest" }, (performance.now() - began) / 1_000);
    if ("batch" in asked) return this.#try(desk, jobs, asked.batch, draft);
    const missing = new Set(asked.missing.map((fact) => factText(fact).subject));
    const misses = ({ action }: Job) => action.facts.some((fact) => missing.has(factText(fact).subject));
    const [late, rest] = [jobs.filter(misses), jobs.filter((job) => !misses(job))];
    // Who names nothing that is missing refuses all.
    const refused = late.length === 0 ? jobs : late;
    relayHeldBack.inc(
      { chain: this.#o.chain.definition.name, what: desk, why: "unattested" },
      refused.length,
    );
    for (const job of refused) this.#tell(job, { kind: "unattested", why: asked.why });
    if (late.length > 0 && rest.length > 0) await this.#attest(desk, rest);
  }

  /** The same batch again while attesters are only slow: most of them have it, and of another one they would begin anew. */
  async #ask(facts: readonly Fact[]): Promise<Asked> {
    const { evidence, chain, signal } = this.#o;
    const known = this.#recent.find(facts, this.#now);
    if (known) return { batch: known };
    for (let ask = 1; ; ask++) {
      const asked = await evidence.ask(facts, chain.definition.id, signal);
      if ("batch" in asked) this.#recent.keep(asked.batch);
      if ("batch" in asked || asked.isLate !== true || ask === MOST_ASKS || signal.aborted) return asked;
    }
  }

  /** Tries the transaction; what makes it revert is found by halving. */
  async #try(
    desk: Desk,
    jobs: Job[],
    batch: AttestedBatch | null,
    draft = draftOf(desk, jobs, this.#o.context),
  ): Promise<void> {
    const began = performance.now();
    const data = draft.encode(evidenceOf(draft.facts, batch));
    const call = { to: draft.to, data, value: draft.value };
    const found = await this.#attempt(call);
    relayHop.observe({ hop: "try" }, (performance.now() - began) / 1_000);
    if (!found) return this.#send(desk, jobs, call, draft.stated, null);
    if (!found.ok) {
      // Its signers may be others by now: the next time they are asked.
      if (batch) this.#recent.forget(batch);
      if (jobs.length === 1) return this.#holdBack(desk, jobs, found.why || "reverts");
      const middle = Math.ceil(jobs.length / 2);
      await allEnded([jobs.slice(0, middle), jobs.slice(middle)].map((half) => this.#try(desk, half, batch)));
      return;
    }
    const [first] = jobs;
    if (first && jobs.length === 1 && !this.#o.affords(first, found.gasUsed))
      return this.#holdBack(desk, jobs, "unpaid");
    const said = sayings(found.logs, draft.to);
    const [good, bad, rest]: [Job[], Job[], Job[]] = [[], [], []];
    for (const job of jobs) {
      const saying = said.get(subjectOf(desk, job));
      if (saying === "failed") (this.#o.mayFail(job) ? bad : rest).push(job);
      else (saying === "good" ? good : rest).push(job);
    }
    for (const job of rest) this.#holdBack(desk, [job], said.get(subjectOf(desk, job)) ?? "done");
    if (good.length === jobs.length) return this.#send(desk, jobs, call, draft.stated, found.gasUsed);
    // A failure counts only where nothing ran well before: those that fail travel by themselves.
    await allEnded(
      [good, bad]
        .filter((part) => part.length > 0)
        .map((part) => this.#sendPart(desk, part, batch, found.gasUsed)),
    );
  }

  /** As the lane would send it, to what is called no other than when it is sent. Null where the node cannot try. */
  async #attempt(call: Omit<Tried, "from" | "gas">): Promise<Attempt | null> {
    const { account: from, market, balance } = this.#lane();
    const needed = call.value + MOST_GAS * (market?.maxFee ?? 0n);
    const circumstances = {
      ...(market && { market }),
      // More than its gas will come to, as nodes want it. Who holds so much is tried as he stands.
      rich: new Map(balance < needed ? [[from, needed] as const] : []),
    };
    const tried = { ...call, from, gas: MOST_GAS };
    const [found] = await attempt(this.#o.chain, [tried], this.#now + 1, circumstances).catch(
      (error: unknown) => {
        if (cannotTry(error)) return [null];
        throw error;
      },
    );
    return found ?? null;
  }

  async #sendPart(desk: Desk, jobs: Job[], batch: AttestedBatch | null, gasUsed: bigint): Promise<void> {
    const draft = draftOf(desk, jobs, this.#o.context);
    const data = draft.encode(evidenceOf(draft.facts, batch));
    await this.#send(desk, jobs, { to: draft.to, data, value: draft.value }, draft.stated, gasUsed);
  }

  async #send(
    desk: Desk,
    jobs: Job[],
    { to, data, value }: { to: Address; data: Hex; value: bigint },
    stated: number,
    gasUsed: bigint | null,
  ): Promise<void> {
    const { chain } = this.#o;
    const began = performance.now();
    const wanted = gasUsed === null ? MOST_GAS : gasNeeded(gasUsed, stated);
    const lane = this.#lane();
    const { used } = await lane.send({ to, data, value, gas: wanted, purpose: `bundle_${desk}` });
    for (const job of jobs) this.#open.delete(job);
    const left = performance.now();
    relayHop.observe({ hop: "leave" }, (left - began) / 1_000);
    relaySent.inc({ chain: chain.definition.name, what: desk }, jobs.length);
    relayBatch.observe({ what: desk }, jobs.length);
    const price = lane.market?.price ?? 0n;
    const weighed = jobs.map((job) => ({ job, weight: statedGas(job.view, job.action) }));
    const read = (receipt: Receipt) => aftermathOf(desk, weighed, to, receipt, price);
    void this.#afterUse(jobs, used, left, read);
  }

  async #afterUse(
    jobs: readonly Job[],
    used: Promise<readonly Hex[] | null>,
    left: number,
    read: (receipt: Receipt) => Aftermath[],
  ): Promise<void> {
    const hashes = await used;
    relayHop.observe({ hop: "mine" }, (performance.now() - left) / 1_000);
    // What a node does not say counts as all that was held for it.
    const receipt = hashes && (await receiptSoon(this.#o.chain, hashes));
    const came = receipt ? read(receipt) : null;
    // What it did is read from the block, by others and a moment later.
    setTimeout(() => {
      for (const [place, job] of jobs.entries())
        this.#o.settled(job, { kind: "done", came: came?.[place] ?? null });
    }, SETTLE_MS);
  }

  #holdBack(desk: Desk, jobs: readonly Job[], why: string): void {
    const short = /^[a-z_]{1,20}$/.test(why) ? why : "reverts";
    relayHeldBack.inc({ chain: this.#o.chain.definition.name, what: desk, why: short }, jobs.length);
    for (const job of jobs) this.#tell(job, { kind: "held_back", why });
  }

  #tell(job: Job, outcome: Outcome): void {
    this.#open.delete(job);
    this.#o.settled(job, outcome);
  }

  /** The one with the least under way, of those that began. */
  #lane(): DirectLane {
    const lanes = this.#o.lanes.filter((lane) => lane.isOpen).toSorted((a, b) => a.inFlight - b.inFlight);
    return need(lanes[0], "a lane");
  }
}

/** Waits for all of them, and throws what the first threw: of two halves one may be sent though the other failed. */
async function allEnded(parts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

const sizeOf = ({ view, action }: Job): { bytes: number; gas: number } => {
  const leg = "leg" in action ? view.legs[action.leg] : undefined;
  const bytes = statedBytes(view, action);
  return leg ? { bytes, gas: leg.gasLimit + AROUND_LEG } : { bytes, gas: 60_000 + 30_000 * view.legs.length };
};

/**
 * What was used, and all that its calls state on top (with the 1/64 that EIP-150 keeps back, twice): however many of them take
 * another way in their block, none starves those behind it.
 */
function gasNeeded(used: bigint, stated: number): bigint {
  const wanted = (used * 13n) / 10n + (BigInt(stated) * 21n) / 20n + 80_000n;
  return wanted < MOST_GAS ? wanted : MOST_GAS;
}

function evidenceOf(facts: readonly Fact[], batch: AttestedBatch | null): Hex {
  if (batch === null) return "0x";
  const places = new Map(batch.facts.map((fact, place) => [factText(fact).subject, place]));
  return encodeEvidence(
    batch,
    facts.map((fact) => need(places.get(factText(fact).subject), "a fact of the batch")),
  );
}
