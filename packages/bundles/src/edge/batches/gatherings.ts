import { signerOf } from "@sooth/chain";
import { type Hex, need, sameAddress } from "@sooth/kernel";
import { compactSignature, type SignerSet } from "@sooth/oracle/core";
import { concatHex, hashTypedData } from "viem";
import {
  type AttestedBatch,
  type AttestersAt,
  batchTypedData,
  BundlesError,
  type Fact,
  factToWire,
  factTree,
  type Silence,
  silenceTypedData,
  type WireBatchAnswer,
  type WireProposal,
} from "../../core/index.ts";

export type GatheringOptions = {
  at: AttestersAt;
  /** Who signs what a chain is to believe. @throws bundles.unknown_destination */
  attestersOf(chainId: number): Promise<SignerSet>;
  limits(): Promise<{ quorumBps: bigint; longestValidity: number }>;
  /** The hub's clock, unix seconds. */
  now(): Promise<number>;
  /** Told once of every batch that a quorum signed. */
  onQuorum?(batch: AttestedBatch, signers: readonly Hex[]): void;
  bounds?: Partial<Bounds>;
};
type Bounds = {
  /** Batches that are being signed at once. */
  open: number;
  /** Batches that are kept with their signatures until they are no longer valid. */
  kept: number;
  /** Facts in all of those. */
  facts: number;
  /** How long a batch is shown to attesters, in milliseconds. */
  shownMs: number;
};
const BOUNDS: Bounds = { open: 128, kept: 4_096, facts: 200_000, shownMs: 10_000 };
/** A kept batch that is valid for less is asked for anew: it has to be included yet. */
const LEAST_LEFT_SECONDS = 60;

type Gathering = {
  proposal: WireProposal;
  facts: readonly Fact[];
  set: SignerSet;
  signatures: Map<number, Hex>;
  silent: Map<number, readonly { fact: number; why: Silence }[]>;
  waiters: Set<() => void>;
  shownUntil: number;
  done: boolean;
};

/**
 * Batches on their way to a quorum, and those that have one, in memory. What is lost is asked for again; nothing here decides
 * what is so, for every signature is of an attester's own sight.
 */
export class Gatherings {
  readonly #o: GatheringOptions;
  readonly #bounds: Bounds;
  readonly #byRoot = new Map<Hex, Gathering>();
  readonly #listeners = new Set<(proposal: WireProposal) => void>();
  #facts = 0;

  constructor(o: GatheringOptions) {
    this.#o = o;
    this.#bounds = { ...BOUNDS, ...o.bounds };
  }

  /**
   * Has facts signed, for `destination` to believe; answers once a quorum did. The same again, while what was signed is valid
   * for a while, costs nobody anything.
   * @throws bundles.not_attested after `holdMs`, bundles.too_many_batches, bundles.unknown_destination
   */
  async propose(facts: readonly Fact[], destination: number, holdMs: number): Promise<AttestedBatch> {
    const { root } = factTree(facts);
    const [set, now, { longestValidity, quorumBps }] = await Promise.all([
      this.#o.attestersOf(destination),
      this.#o.now(),
      this.#o.limits(),
    ]);
    this.#forget(now);
    const gathering = this.#usable(root, set, now) ?? this.#begin({ root, facts, set, now, longestValidity });
    if (!this.#hasQuorum(gathering, quorumBps)) await this.#wait(gathering, quorumBps, holdMs);
    return batchOf(gathering);
  }

  /** A batch that a quorum signed and that is kept still. */
  signed(root: Hex): AttestedBatch | undefined {
    const found = this.#byRoot.get(root);
    return found?.done === true ? batchOf(found) : undefined;
  }

  /** Every proposal that is open, and those that come; the function returned ends it. */
  listen(told: (proposal: WireProposal) => void): () => void {
    for (const each of this.#byRoot.values())
      if (!each.done && each.shownUntil > performance.now()) told(each.proposal);
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /** @throws bundles.wrong_root, bundles.not_seated, bundles.bad_attestation */
  async answer(root: Hex, answer: WireBatchAnswer): Promise<void> {
    const gathering = this.#byRoot.get(root);
    const { signer, epoch, validUntil, silent } = answer;
    if (!gathering || gathering.set.epoch !== epoch || gathering.proposal.validUntil !== validUntil)
      throw BundlesError.wrong_root({ root });
    const seat = gathering.set.seats.findIndex((each) => sameAddress(each.signer, signer));
    if (seat < 0) throw BundlesError.not_seated({ signer, epoch });
    if (gathering.signatures.has(seat)) return;
    const batch = { root, epoch, validUntil };
    const signature = answer.signature as Hex;
    const hash =
      silent === undefined
        ? hashTypedData(batchTypedData(this.#o.at, batch))
        : hashTypedData(silenceTypedData(this.#o.at, batch, silent));
    const recovered = signerOf(hash, signature);
    if (recovered === null || !sameAddress(recovered, signer)) throw BundlesError.bad_attestation({ signer });
    if (silent === undefined) {
      gathering.signatures.set(seat, compactSignature(signature));
      gathering.silent.delete(seat);
    } else gathering.silent.set(seat, silent);
    const { quorumBps } = await this.#o.limits();
    if (!gathering.done && this.#hasQuorum(gathering, quorumBps)) {
      gathering.done = true;
      const signers = [...gathering.signatures.keys()].map((each) => seatAt(gathering, each).signer);
      this.#o.onQuorum?.(batchOf(gathering), signers);
    }
    for (const wake of gathering.waiters) wake();
  }

  /** The one that is there already, when it is of the same signers and valid for long enough. */
  #usable(root: Hex, set: SignerSet, now: number): Gathering | undefined {
    const found = this.#byRoot.get(root);
    const isSame = found?.set.epoch === set.epoch && found.proposal.validUntil >= now + LEAST_LEFT_SECONDS;
    if (!found || !isSame) return undefined;
    if (!found.done) {
      // Asked anew: what was too young may have grown old enough.
      if (found.waiters.size === 0) found.silent.clear();
      this.#show(found);
    }
    return found;
  }

  #begin(o: { root: Hex; facts: readonly Fact[]; set: SignerSet; now: number; longestValidity: number }) {
    const { root, facts, set, now } = o;
    const open = [...this.#byRoot.values()].filter(({ done }) => !done);
    if (open.length >= this.#bounds.open) {
      // Those that nobody waits for any more make room.
      const idle = open.filter(({ waiters }) => waiters.size === 0);
      if (idle.length === 0) throw BundlesError.too_many_batches({ most: this.#bounds.open });
      for (const { proposal } of idle) this.#drop(proposal.root as Hex);
    }
    this.#drop(root);
    // Clocks of chains differ: half of what is allowed leaves the other half to them.
    const validUntil = now + Math.floor(o.longestValidity / 2);
    const gathering: Gathering = {
      proposal: { root, epoch: set.epoch, validUntil, facts: facts.map(factToWire) },
      facts,
      set,
      signatures: new Map(),
      silent: new Map(),
      waiters: new Set(),
      shownUntil: 0,
      done: false,
    };
    this.#byRoot.set(root, gathering);
    this.#facts += facts.length;
    for (const oldest of this.#byRoot.keys()) {
      if (this.#byRoot.size <= this.#bounds.kept && this.#facts <= this.#bounds.facts) break;
      if (oldest !== root) this.#drop(oldest);
    }
    this.#show(gathering);
    return gathering;
  }

  #show(gathering: Gathering): void {
    const now = performance.now();
    if (gathering.shownUntil > now && gathering.waiters.size > 0) return;
    gathering.shownUntil = now + this.#bounds.shownMs;
    for (const told of this.#listeners) told(gathering.proposal);
  }

  async #wait(gathering: Gathering, quorumBps: bigint, holdMs: number): Promise<void> {
    const until = performance.now() + holdMs;
    const total = gathering.set.totalWeight;
    while (!this.#hasQuorum(gathering, quorumBps)) {
      const silent = weightIn(gathering, gathering.silent.keys());
      const isHopeless = gathering.set.seats.length === 0 || (total - silent) * 10_000n < total * quorumBps;
      const left = until - performance.now();
      if (isHopeless || left <= 0) throw this.#why(gathering, quorumBps);
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
    const missing = [...reasons.keys()].toSorted((a, b) => a - b);
    const told = missing
      .slice(0, 8)
      .map((fact) => `fact ${fact} ${reasons.get(fact) ?? ""}`)
      .join(", ");
    return BundlesError.not_attested({
      weight: weightIn(gathering, signatures.keys()),
      needed: (set.totalWeight * quorumBps + 9_999n) / 10_000n,
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
    for (const [root, { proposal }] of this.#byRoot) if (proposal.validUntil < now) this.#drop(root);
  }

  #drop(root: Hex): void {
    const found = this.#byRoot.get(root);
    if (!found) return;
    this.#facts -= found.facts.length;
    this.#byRoot.delete(root);
    for (const wake of found.waiters) wake();
  }
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
