import type { Addresses, Chain, DirectLane } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import {
  type Action,
  type BundleShown,
  isOver,
  laidOut,
  legAt,
  nextSteps,
  type Place,
  placesOfAll,
  relayerShare,
  shownAt,
  stateOf,
  type Times,
  wantedLegs,
} from "../../core/index.ts";
import { chainIdOf, type Consent, type Job, jobOf } from "./desks.ts";
import { relayFailures, relayFollowed, relayUnpaid } from "./metrics.ts";
import { consentKey, type Evidence, type HandedOver, type Watched } from "./ports.ts";
import { Rehearser } from "./rehearse.ts";
import { type Outcome, Station } from "./station.ts";

export type BundlerOptions = {
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Pick<Addresses, "bundleHub" | "settler" | "escrow">;
  watch: Watched;
  /** Lanes by chain id. */
  lanes: ReadonlyMap<number, readonly DirectLane[]>;
  /** Who is owed for the legs. */
  relayer: Address;
  evidence: Evidence;
  handedOver: HandedOver;
  /** Wei of the hub a leg: whoever offers less is left to others. */
  leastFee: bigint;
  /** Of each share, as the hub was built. */
  attesterBps: number;
  times: Times;
  signal: AbortSignal;
  log: Logger;
};

/** A job that waits is looked at again after this, ever more rarely, and at last once a minute: for ever. */
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 60_000;
/** How often a leg of a bundle that began is seen to fail before that is written down. */
const SEEN_TO_FAIL = 3;
/** Deadlines come by themselves, without any event. */
const SWEEP_MS = 2_000;
/** Bundles looked at before others have their turn. */
const SLICE = 200;

type Followed = {
  /** Milliseconds: since when it can be moved as it can now. */
  since: number;
  tries: Map<string, { count: number; notBefore: number; busy: boolean }>;
  rehearsal: "none" | "under_way" | "well";
  rehearsals: number;
  nextRehearsal: number;
};

/**
 * Moves every bundle on by whatever can be done for it. It remembers nothing that the chains do not say: what it keeps is when to
 * look again, so whoever starts anew does the same, and what others did is done.
 */
export class Bundler {
  readonly #o: BundlerOptions;
  readonly #stations: ReadonlyMap<number, Station>;
  readonly #followed = new Map<Hex, Followed>();
  readonly #dirty = new Set<Hex>();
  readonly #rehearser: Rehearser;
  /** Seen since the last sweep. */
  readonly #unpaid = new Set<Hex>();
  readonly #consents = new Map<string, Consent>();
  #soon: NodeJS.Immediate | undefined;

  constructor(o: BundlerOptions) {
    this.#o = o;
    const chains = new Map([o.hub, ...o.rollups].map((chain) => [chain.definition.id, chain]));
    this.#rehearser = new Rehearser(chains, o.addresses);
    const context = {
      addresses: o.addresses,
      relayer: o.relayer,
      returned: (ordinal: bigint) => o.watch.returned(ordinal),
      consentOf: (id: Hex, place: number) => this.#consents.get(consentKey(id, place)),
    };
    this.#stations = new Map(
      [...chains].map(([id, chain]) => [
        id,
        new Station({
          chain,
          lanes: o.lanes.get(id) ?? [],
          context,
          evidence: o.evidence,
          mayFail: (job) => this.#mayFail(job),
          settled: (job, outcome) => this.#settled(job, outcome),
          signal: o.signal,
          log: o.log,
        }),
      ]),
    );
  }

  /** Goes on until the signal aborts. */
  async run(): Promise<void> {
    const { watch, signal } = this.#o;
    watch.onChange((ids) => {
      for (const id of ids) this.#look(id, true);
    });
    watch.onHead((chainId, head) => {
      this.#stations
        .get(chainId)
        ?.onHead(head)
        .catch((error: unknown) => this.#complain("lanes", error));
    });
    for (const id of watch.known()) this.#look(id, true);
    const sweep = setInterval(() => {
      relayUnpaid.set(this.#unpaid.size);
      this.#unpaid.clear();
      for (const id of this.#followed.keys()) this.#look(id);
    }, SWEEP_MS);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    clearInterval(sweep);
    clearImmediate(this.#soon);
  }

  /** Payers' consents that were handed over, by {consentKey}. */
  addConsents(found: ReadonlyMap<string, Consent>): void {
    for (const [key, consent] of found) this.#consents.set(key, consent);
  }

  /** Bundles that are followed and wait for something of theirs that only consent brings. */
  get escrowed(): Hex[] {
    return [...this.#followed.keys()].filter((id) => {
      const view = this.#o.watch.shown(id);
      return view?.bundle.mode === "escrowed" && view.hub.outcome === "open";
    });
  }

  /** @param changed the chains say more of it than before: what failed may succeed now */
  #look(id: Hex, changed = false): void {
    if (changed) {
      const known = this.#followed.get(id);
      if (known) {
        known.since = performance.now();
        for (const one of known.tries.values()) if (!one.busy) one.notBefore = 0;
      } else this.#followed.set(id, newlyFollowed());
    }
    this.#dirty.add(id);
    this.#soon ??= setImmediate(() => this.#plan());
  }

  #plan(): void {
    this.#soon = undefined;
    if (this.#o.signal.aborted) return;
    let left = SLICE;
    for (const id of this.#dirty) {
      this.#dirty.delete(id);
      try {
        this.#planOne(id);
      } catch (error) {
        this.#complain("plan", error);
      }
      if (--left === 0) break;
    }
    relayFollowed.set(this.#followed.size);
    if (this.#dirty.size > 0) this.#soon ??= setImmediate(() => this.#plan());
  }

  #planOne(id: Hex): void {
    const followed = this.#followed.get(id);
    const view = this.#o.watch.shown(id);
    // Its legs are private still, or a chain of theirs is none of ours.
    if (!followed || !view) return;
    if (isOver(view) && (view.hub.settled || view.hub.fee === 0n)) {
      this.#followed.delete(id);
      return;
    }
    if (!this.#pays(view)) return;
    // Evidence is asked for with the batch; until then everything that the chains show counts.
    for (const action of nextSteps(view, () => true, this.#o.times).act) {
      if (action.do === "settle" && view.hub.fee === 0n) continue;
      // Its header states a fee that nobody paid. Whoever's tokens are held may do it.
      if (action.do === "abort" && action.why === "unopened" && this.#o.leastFee > 0n) continue;
      const job = jobOf(view, action, followed.since);
      const tried = followed.tries.get(job.key);
      if (tried && (tried.busy || tried.notBefore > performance.now())) continue;
      if (action.do === "prepare" && !this.#mayPrepare(view)) continue;
      if ("leg" in action && !this.#repays(view, action)) continue;
      if (action.do === "run" && !this.#mayBegin(view, followed)) continue;
      const station = this.#stations.get(chainIdOf(job, this.#o.hub.definition.id));
      // On a chain that this bundler does not know others must do it.
      if (!station) continue;
      followed.tries.set(job.key, { count: tried?.count ?? 0, notBefore: 0, busy: true });
      station.put(job);
    }
  }

  /** What others relayed for less stays theirs; a bundle that we moved ourselves is brought to its end. */
  #pays(view: BundleShown): boolean {
    const { leastFee, relayer } = this.#o;
    const share = view.hub.fee / BigInt(view.bundle.legs);
    if (share >= leastFee) return true;
    const ours = placesOfAll(view).some((place) => sameAddress(shownAt(view, place).relayer, relayer));
    if (!ours) this.#unpaid.add(view.id);
    return ours;
  }

  /** Coins go to a leg's target from our key: never more than the leg's share brings back, and only where both are one coin. */
  #repays(view: BundleShown, action: Extract<Action, { leg: Place }>): boolean {
    if (action.do !== "run" && action.do !== "compensate") return true;
    const leg = legAt(view, action.leg);
    const wei = laidOut(leg);
    if (wei === 0n) return true;
    const { hub, rollups, attesterBps } = this.#o;
    const chain = [hub, ...rollups].find(({ definition }) => definition.id === leg.chainId);
    const isOneCoin = chain?.definition.nativeSymbol === hub.definition.nativeSymbol;
    if (isOneCoin && relayerShare({ fee: view.hub.fee, legs: view.bundle.legs }, attesterBps) >= wei)
      return true;
    this.#unpaid.add(view.id);
    return false;
  }

  /** An ordered bundle of several legs is tried as a whole before anything of it is sent: so long, leaving it alone costs nobody. */
  #mayBegin(view: BundleShown, followed: Followed): boolean {
    if (wantedLegs(view.legs).length === 1 || hasBegun(view) || followed.rehearsal === "well") return true;
    if (followed.rehearsal === "under_way" || followed.nextRehearsal > performance.now()) return false;
    followed.rehearsal = "under_way";
    void this.#rehearse(view, followed);
    return false;
  }

  async #rehearse(view: BundleShown, followed: Followed): Promise<void> {
    let well = false;
    try {
      const { fails, why } = await this.#rehearser.rehearse(view);
      well = fails === null;
      if (!well) this.#o.log.debug({ bundle: view.id, leg: fails, why }, "a bundle would fail: not begun");
    } catch (error) {
      this.#complain("rehearse", error);
    }
    followed.rehearsal = well ? "well" : "none";
    if (well) return this.#look(view.id);
    const wait = backoff(followed.rehearsals++);
    followed.nextRehearsal = performance.now() + wait;
    this.#later(view.id, wait);
  }

  /** Only when every leg is held already or can be brought: else those that are would only be given back. */
  #mayPrepare(view: BundleShown): boolean {
    return placesOfAll(view).every(
      (place) => stateOf(view, place) !== "none" || this.#consents.has(consentKey(view.id, place)),
    );
  }

  /** Something of the bundle ran, and this leg was seen to fail several times: then what ran is to be undone soon. */
  #mayFail({ key, view, action }: Job): boolean {
    if (action.do !== "run" || !hasBegun(view)) return false;
    return (this.#followed.get(view.id)?.tries.get(key)?.count ?? 0) >= SEEN_TO_FAIL;
  }

  #settled(job: Job, outcome: Outcome): void {
    const followed = this.#followed.get(job.view.id);
    const tried = followed?.tries.get(job.key);
    if (!followed || !tried) return;
    tried.busy = false;
    tried.count++;
    const wait = outcome.kind === "done" && tried.count === 1 ? 0 : backoff(tried.count);
    tried.notBefore = performance.now() + wait;
    // What was tried well, sent, and is to be done all the same: a rival was faster, or it reverted.
    if (outcome.kind === "done" && tried.count > 1)
      this.#o.log.debug({ job: job.key, tries: tried.count }, "a step was sent, and is still to be done");
    if (outcome.kind !== "done") {
      // Once in a while for people, each time for who looks for a fault.
      const level = outcome.kind === "held_back" && tried.count % 8 === 0 ? "info" : "debug";
      const { kind, why } = outcome;
      this.#o.log[level]({ job: job.key, kind, why, tries: tried.count }, "a step of a bundle waits");
    }
    this.#later(job.view.id, wait);
  }

  #later(id: Hex, ms: number): void {
    if (this.#o.signal.aborted) return;
    setTimeout(() => this.#look(id), ms).unref();
  }

  #complain(part: string, error: unknown): void {
    if (this.#o.signal.aborted) return;
    relayFailures.inc({ part });
    this.#o.log.warn({ err: error, part }, "the bundler stumbled");
  }
}

const newlyFollowed = (): Followed => ({
  since: performance.now(),
  tries: new Map(),
  rehearsal: "none",
  rehearsals: 0,
  nextRehearsal: 0,
});

const hasBegun = (view: BundleShown): boolean =>
  placesOfAll(view).some((place) => stateOf(view, place) !== "none");

const backoff = (count: number): number =>
  Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count, 12));
