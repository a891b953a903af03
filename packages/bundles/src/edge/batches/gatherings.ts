import { signerOf } from "@sooth/chain";
import { type Hex, need, sameAddress } from "@sooth/kernel";
import { compactSignature, type SignerSet } from "@sooth/oracle/core";
import { concatHex, hashTypedData } from "viem";
import {
  type AttestedBatch,
  type AttestersAt,
  batchDigest,
  BundlesError,
  type Fact,
  factToWire,
  factTree,
  type SignedBatch,
  type Silence,
  silenceTypedData,
  type WireBatchAnswer,
  type WireProposal,
} from "../../core/index.ts";
import { countAnswer, gathered } from "./metrics.ts";
import { YoungFacts } from "./young-facts.ts";

export type GatheringOptions = {
  at: AttestersAt;
  /** Who signs what a chain is to believe. @throws bundles.unknown_destination */
  attestersOf(chainId: number): Promise<SignerSet>;
  limits(): Promise<{ quorumBps: bigint; longestValidity: number }>;
  /** The hub's clock, unix seconds. */
  now(): Promise<number>;
  /** Whether this key signs for some chain now. Not given: nobody proves a seat. */
  isSeated?(signer: Hex): Promise<boolean>;
  /** Which of these facts are not to be shown to attesters, for nothing is known of what they are about. */
  unknownOf?(facts: readonly Fact[], client: string): Promise<readonly number[]>;
  /** Told once of every batch that a quorum signed. */
  onQuorum?(batch: AttestedBatch, signers: readonly Hex[]): void;
  /** Told once of every signature that is its signer's, r | vs, whether or not it comes to a quorum. */
  onSigned?(facts: readonly Fact[], batch: SignedBatch, signed: { signer: Hex; signature: Hex }): void;
  bounds?: Partial<Bounds>;
};
type Bounds = {
  /** Batches that are being signed at once. */
  open: number;
  /** Of those, begun by one client. */
  share: number;
  /** Of his share, with facts that were too young a moment ago. */
  young: number;
  /** Batches that are kept with their signatures until they are no longer valid. */
  kept: number;
  /** Facts in all of those. */
  facts: number;
  /** How long a batch is shown to attesters, in milliseconds. */
  shownMs: number;
};
const BOUNDS: Bounds = { open: 256, share: 128, young: 16, kept: 4_096, facts: 200_000, shownMs: 10_000 };
/** A kept batch that is valid for less is asked for anew: it has to be included yet. */
const LEAST_LEFT_SECONDS = 60;

type Gathering = {
  proposal: WireProposal;
  facts: readonly Fact[];
  set: SignerSet;
  signatures: Map<number, Hex>;
  silent: Map<number, readonly { fact: number; why: Silence }[]>;
  waiters: Set<() => void>;
  /** Who asked. */
  clients: Set<string>;
  /** Some fact of it was too young a moment before. */
  young: boolean;
  shownUntil: number;
  /** What listeners are told; made once for all of them. */
  line: string;
  done: boolean;
  /** Forgotten while somebody waited. */
  dropped: boolean;
};

/** While one chain has a newer set than another the same facts are signed for both. */
const keyOf = (root: Hex, epoch: number): string => `${root} ${epoch}`;

/**
 * Batches on their way to a quorum, and those that have one, in memory. What is lost is asked for again; nothing here decides
 * what is so, for every signature is of an attester's own sight.
 */
export class Gatherings {
  readonly #o: GatheringOptions;
  readonly #bounds: Bounds;
  /** The oldest first, by {keyOf}. */
  readonly #gatherings = new Map<string, Gathering>();
  readonly #listeners = new Set<(line: string) => void>();
  readonly #young = new YoungFacts();
  #facts = 0;

  constructor(o: GatheringOptions) {
    this.#o = o;
    this.#bounds = { ...BOUNDS, ...o.bounds };
  }

  get at(): AttestersAt {
    return this.#o.at;
  }

  async isSeated(signer: Hex): Promise<boolean> {
    return (await this.#o.isSeated?.(signer)) ?? false;
  }

  /**
   * Has facts signed, for `destination` to believe; answers once a quorum did. The same again, while what was signed is valid
   * for a while, costs nobody anything. `client`: who asks, so that nobody takes the others' places.
   * @throws bundles.not_attested after `holdMs`, bundles.too_many_batches, bundles.unknown_destination
   */
  async propose(
    facts: readonly Fact[],
    destination: number,
    holdMs: number,
    client = "",
  ): Promise<AttestedBatch> {
    const { root } = factTree(facts);
    const [set, now, { longestValidity, quorumBps }] = await Promise.all([
      this.#o.attestersOf(destination),
      this.#o.now(),
      this.#o.limits(),
    ]);
    this.#forget(now);
    const known = this.#usable(root, set, now);
    if (known?.done === true) {
      gathered.inc({ outcome: "known" });
      return batchOf(known);
    }
    const unknown = known === undefined ? ((await this.#o.unknownOf?.(facts, client)) ?? []) : [];
    if (unknown.length > 0) {
      gathered.inc({ outcome: "not_asked" });
      throw notAsked(set, quorumBps, unknown, "not_seen");
    }
    const young = known === undefined ? this.#young.among(facts, performance.now()) : [];
    // Any part of them, in any order, is a batch of its own: whoever asks for all of those waits for few.
    if (young.length > 0 && this.#countYoung(client) >= this.#bounds.young) {
      gathered.inc({ outcome: "not_asked" });
      throw notAsked(set, quorumBps, young, "too_young");
    }
    const gathering =
      this.#usable(root, set, now) ??
      this.#begin({ root, facts, set, now, longestValidity, client, young: young.length > 0 });
    gathering.clients.add(client);
    this.#show(gathering);
    if (!this.#hasQuorum(gathering, quorumBps)) await this.#wait(gathering, quorumBps, holdMs);
    gathered.inc({ outcome: "signed" });
    return batchOf(gathering);
  }

  /** A batch that a quorum signed and that is kept still. */
  signed(root: Hex): AttestedBatch | undefined {
    const ofRoot = [...this.#gatherings.values()].filter((each) => each.done && each.proposal.root === root);
    const newest = ofRoot.toSorted((a, b) => a.set.epoch - b.set.epoch).at(-1);
    return newest && batchOf(newest);
  }

  /** Every proposal that is open, and those that come, as a line of JSON each; the function returned ends it. */
  listen(told: (line: string) => void): () => void {
    for (const each of this.#gatherings.values())
      if (!each.done && each.shownUntil > performance.now()) told(each.line);
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /** @throws bundles.wrong_root, bundles.not_seated, bundles.bad_attestation */
  answer(root: Hex, answer: WireBatchAnswer): Promise<void> {
    return countAnswer(() => this.#take(root, answer));
  }

  async #take(root: Hex, answer: WireBatchAnswer): Promise<"signed" | "silent" | "again"> {
    const { signer, epoch, validUntil, silent } = answer;
    const gathering = this.#gatherings.get(keyOf(root, epoch));
    if (!gathering || gathering.proposal.validUntil !== validUntil) throw BundlesError.wrong_root({ root });
    const seat = gathering.set.seats.findIndex((each) => sameAddress(each.signer, signer));
    if (seat < 0) throw BundlesError.not_seated({ signer, epoch });
    if (gathering.signatures.has(seat)) return "again";
    const batch = { root, epoch, validUntil };
    const signature = answer.signature as Hex;
    const hash =
      silent === undefined
        ? batchDigest(this.#o.at, batch)
        : hashTypedData(silenceTypedData(this.#o.at, batch, silent));
    const recovered = signerOf(hash, signature);
    if (recovered === null || !sameAddress(recovered, signer)) throw BundlesError.bad_attestation({ signer });
    if (silent === undefined) {
      const compact = compactSignature(signature);
      gathering.signatures.set(seat, compact);
      gathering.silent.delete(seat);
      this.#o.onSigned?.(gathering.facts, batch, { signer: recovered, signature: compact });
    } else gathering.silent.set(seat, silent);
    const { quorumBps } = await this.#o.limits();
    if (!gathering.done && this.#hasQuorum(gathering, quorumBps)) {
      gathering.done = true;
      const signers = [...gathering.signatures.keys()].map((each) => seatAt(gathering, each).signer);
      this.#o.onQuorum?.(batchOf(gathering), signers);
    }
    for (const wake of gathering.waiters) wake();
    return silent === undefined ? "signed" : "silent";
  }

  /** The one that is there already, when it is of the same signers and valid for long enough. */
  #usable(root: Hex, set: SignerSet, now: number): Gathering | undefined {
    const found = this.#gatherings.get(keyOf(root, set.epoch));
    if (!found || found.proposal.validUntil < now + LEAST_LEFT_SECONDS) return undefined;
    // Asked anew: what was too young may have grown old enough.
    if (!found.done && found.waiters.size === 0) found.silent.clear();
    return found;
  }

  #begin(o: {
    root: Hex;
    facts: readonly Fact[];
    set: SignerSet;
    now: number;
    longestValidity: number;
    client: string;
    young: boolean;
  }): Gathering {
    const { root, facts, set, now } = o;
    this.#makeRoom(o.client);
    const key = keyOf(root, set.epoch);
    this.#drop(key);
    // Clocks of chains differ: half of what is allowed leaves the other half to them.
    const validUntil = now + Math.floor(o.longestValidity / 2);
    const proposal = { root, epoch: set.epoch, validUntil, facts: facts.map(factToWire) };
    const gathering: Gathering = {
      proposal,
      line: JSON.stringify(proposal),
      facts,
      set,
      signatures: new Map(),
      silent: new Map(),
      waiters: new Set(),
      clients: new Set([o.client]),
      young: o.young,
      shownUntil: 0,
      done: false,
      dropped: false,
    };
    this.#gatherings.set(key, gathering);
    this.#facts += facts.length;
    for (const oldest of this.#gatherings.keys()) {
      if (this.#gatherings.size <= this.#bounds.kept && this.#facts <= this.#bounds.facts) break;
      if (oldest !== key) this.#drop(oldest);
    }
    return gathering;
  }

  /** Batches that this client waits for although a fact of theirs was too young. */
  #countYoung(client: string): number {
    let count = 0;
    for (const { young, done, clients, waiters } of this.#gatherings.values())
      if (young && !done && waiters.size > 0 && clients.has(client)) count++;
    return count;
  }

  /**
   * A place for one more. Those that nobody waits for go first; then the oldest of the client who has the most, so that whoever
   * asks for much is refused by his own asking. @throws bundles.too_many_batches
   */
  #makeRoom(client: string): void {
    const { open: most, share } = this.#bounds;
    const open = [...this.#gatherings].filter(([, { done }]) => !done);
    const counts = new Map<string, number>();
    for (const [, { clients, waiters }] of open)
      if (waiters.size > 0) for (const each of clients) counts.set(each, (counts.get(each) ?? 0) + 1);
    const own = counts.get(client) ?? 0;
    if (own >= share) throw tooMany(share);
    if (open.length < most) return;
    const idle = open.filter(([, { waiters }]) => waiters.size === 0);
    for (const [key] of idle) this.#drop(key);
    if (idle.length > 0) return;
    const [heaviest = client, count = own] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
    if (count <= own + 1) throw tooMany(most);
    const theirs = open.filter(([, { clients }]) => clients.has(heaviest));
    // What others wait for as well stays, as long as there is anything else.
    const [oldest] = theirs.find(([, { clients }]) => clients.size === 1) ?? theirs[0] ?? [];
    if (oldest !== undefined) this.#drop(oldest);
  }

  #show(gathering: Gathering): void {
    const now = performance.now();
    if (gathering.done || (gathering.shownUntil > now && gathering.waiters.size > 0)) return;
    gathering.shownUntil = now + this.#bounds.shownMs;
    for (const told of this.#listeners) told(gathering.line);
  }

  async #wait(gathering: Gathering, quorumBps: bigint, holdMs: number): Promise<void> {
    const until = performance.now() + holdMs;
    const total = gathering.set.totalWeight;
    while (!this.#hasQuorum(gathering, quorumBps)) {
      const silent = weightIn(gathering, gathering.silent.keys());
      const isHopeless = gathering.set.seats.length === 0 || (total - silent) * 10_000n < total * quorumBps;
      const left = until - performance.now();
      if (gathering.dropped) throw tooMany(this.#bounds.open);
      if (isHopeless || left <= 0) {
        gathered.inc({ outcome: isHopeless ? "refused" : "late" });
        throw this.#why(gathering, quorumBps);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, left);
        function wake() {
          clearTimeout(timer);
          gathering.waiters.delete(wake);
          resolve();
        }
        gathering.waiters.add(wake);
      });
    }
  }

  #why(gathering: Gathering, quorumBps: bigint): Error {
    const { set, silent, signatures } = gathering;
    const reasons = new Map<number, Silence>();
    for (const each of silent.values()) for (const { fact, why } of each) reasons.set(fact, why);
    this.#young.note(tooYoungIn(gathering, quorumBps), performance.now());
    const missing = [...reasons.keys()].toSorted((a, b) => a - b);
    const told = missing
      .slice(0, 8)
      .map((fact) => `fact ${fact} ${reasons.get(fact) ?? ""}`)
      .join(", ");
    return BundlesError.not_attested({
      weight: weightIn(gathering, signatures.keys()),
      needed: neededOf(set, quorumBps),
      answered: signatures.size + silent.size,
      missing,
      why:
        set.seats.length === 0 ? "nobody attests on that chain yet" : told || "the others have not answered",
    });
  }

  #hasQuorum(gathering: Gathering, quorumBps: bigint): boolean {
    const weight = weightIn(gathering, gathering.signatures.keys());
    return weight > 0n && weight * 10_000n >= gathering.set.totalWeight * quorumBps;
  }

  #forget(now: number): void {
    for (const [key, { proposal }] of this.#gatherings) if (proposal.validUntil < now) this.#drop(key);
  }

  #drop(key: string): void {
    const found = this.#gatherings.get(key);
    if (!found) return;
    this.#facts -= found.facts.length;
    this.#gatherings.delete(key);
    found.dropped = true;
    for (const wake of found.waiters) wake();
  }
}

function tooMany(most: number): Error {
  gathered.inc({ outcome: "too_many" });
  return BundlesError.too_many_batches({ most });
}

const neededOf = ({ totalWeight }: SignerSet, quorumBps: bigint): bigint =>
  (totalWeight * quorumBps + 9_999n) / 10_000n;

/** Attesters are not asked what they would have to look for in vain. */
const notAsked = (set: SignerSet, quorumBps: bigint, missing: readonly number[], why: Silence): Error =>
  BundlesError.not_attested({
    weight: 0n,
    needed: neededOf(set, quorumBps),
    answered: 0,
    missing,
    why: missing
      .slice(0, 8)
      .map((fact) => `fact ${fact} ${why}`)
      .join(", "),
  });

/** Facts that too many call too young: without them there is no quorum. */
function tooYoungIn(gathering: Gathering, quorumBps: bigint): Fact[] {
  const { facts, set, silent } = gathering;
  const weights = new Map<number, bigint>();
  for (const [seat, reasons] of silent)
    for (const { fact, why } of reasons)
      if (why === "too_young") weights.set(fact, (weights.get(fact) ?? 0n) + seatAt(gathering, seat).weight);
  return [...weights].flatMap(([fact, weight]) =>
    set.totalWeight - weight < neededOf(set, quorumBps) ? (facts[fact] ?? []) : [],
  );
}

const seatAt = ({ set }: Gathering, seat: number) => need(set.seats[seat], `seat ${seat}`);

const weightIn = (gathering: Gathering, seats: Iterable<number>): bigint =>
  [...seats].reduce((sum, seat) => sum + seatAt(gathering, seat).weight, 0n);

function batchOf({ proposal, facts, signatures }: Gathering): AttestedBatch {
  const ascending = [...signatures].toSorted(([a], [b]) => a - b);
  return {
    root: proposal.root as Hex,
    epoch: proposal.epoch,
    validUntil: proposal.validUntil,
    facts,
    seats: ascending.reduce((bits, [seat]) => bits | (1n << BigInt(seat)), 0n),
    signatures: concatHex(ascending.map(([, signature]) => signature)),
  };
}
