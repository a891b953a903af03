import type { Addresses, Chain, DirectLane } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import {
  type BundleShown,
  handedOn,
  isOver,
  MOST_LEGS,
  nextSteps,
  placesOfAll,
  shownAt,
  stateOf,
  type Times,
  wantedLegs,
} from "../../core/index.ts";
import { isEffect } from "./aftermath.ts";
import { Budgets } from "./budgets.ts";
import { chainIdOf, type Consent, type Job, jobOf, keyOf } from "./desks.ts";
import { earnedOf } from "./earned.ts";
import { relayEarned, relayFailures, relayFollowed, relayInVain, relayUnpaid } from "./metrics.ts";
import { consentKey, type Evidence, type HandedOver, type Watched } from "./ports.ts";
import { Rehearser } from "./rehearse.ts";
import { type Outcome, Station } from "./station.ts";
import { backoff, Tries } from "./tries.ts";

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
  /** Wei of the hub that may be spent on a bundle beyond what it pays. */
  gift: bigint;
  /** Of each share, as the hub was built. */
  attesterBps: number;
  times: Times;
  signal: AbortSignal;
  log: Logger;
};

/** How often a leg of a bundle that began is seen to fail before that is written down. */
const SEEN_TO_FAIL = 3;
/** Deadlines come by themselves, without any event. */
const SWEEP_MS = 2_000;
/** Bundles looked at before others have their turn. */
const SLICE = 200;

type Followed = {
  /** Null until its header was seen. */
  mode: BundleShown["bundle"]["mode"] | null;
  /** Milliseconds: since when it can be moved as it can now. */
  since: number;
  tries: Tries;
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
  readonly #budgets: Budgets;
  /** Seen since the last sweep. */
  readonly #unpaid = new Set<Hex>();
  readonly #consents = new Map<string, Consent>();
  #soon: NodeJS.Immediate | undefined;

  constructor(o: BundlerOptions) {
    this.#o = o;
    const chains = new Map([o.hub, ...o.rollups].map((chain) => [chain.definition.id, chain]));
    this.#budgets = new Budgets(o);
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
          affords: (job, gas) => this.#budgets.affords(job, gas, id),
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

  /** What it cost to open a bundle, in wei of the hub: it counts with what is spent on it. */
  charge(id: Hex, wei: bigint): void {
    this.#budgets.charge(id, wei);
  }

  /** Bundles that are followed and wait for something of theirs that only consent brings. */
  get escrowed(): Hex[] {
    return [...this.#followed].flatMap(([id, { mode }]) => {
      // Asked several times a second, of all that are followed: of most of them their mode says enough.
      if (mode === "ordered") return [];
      const view = this.#o.watch.shown(id);
      return view?.bundle.mode === "escrowed" && view.hub.outcome === "open" ? [id] : [];
    });
  }

  /** @param changed the chains say more of it than before: what failed may succeed now */
  #look(id: Hex, changed = false): void {
    if (changed) {
      const known = this.#followed.get(id);
      if (known) {
        known.since = performance.now();
        known.tries.hurry();
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
    if (!followed) return;
    if (!view) {
      // Its legs are private still, or a chain of theirs is none of ours; else it ended, and whoever watches forgot it.
      if (!this.#o.watch.isSeen(id)) this.#forget(id);
      return;
    }
    followed.mode = view.bundle.mode;
    if (isOver(view) && (view.hub.settled || view.hub.fee === 0n)) {
      this.#forget(id);
      return;
    }
    if (!this.#pays(view)) return;
    // Evidence is asked for with the batch; until then everything that the chains show counts.
    for (const action of nextSteps(view, () => true, this.#o.times).act) {
      if (action.do === "settle" && view.hub.fee === 0n) continue;
      const key = keyOf(view, action);
      if (!followed.tries.mayBegin(key, performance.now())) continue;
      if (action.do === "prepare" && !this.#mayPrepare(view)) continue;
      if (action.do === "run" && !this.#mayBegin(view, followed)) continue;
      this.#put(jobOf(view, action, followed.since, followed.tries.isAlone(key)), followed);
    }
  }

  #forget(id: Hex): void {
    this.#followed.delete(id);
    this.#budgets.forget(id);
    for (let place = 0; place < MOST_LEGS; place++) this.#consents.delete(consentKey(id, place));
  }

  #put(job: Job, { tries }: Followed): void {
    const chainId = chainIdOf(job, this.#o.hub.definition.id);
    const station = this.#stations.get(chainId);
    // On a chain that this bundler does not know others must do it.
    if (!station) return;
    if (!this.#budgets.take(job, chainId)) {
      this.#unpaid.add(job.view.id);
      return;
    }
    tries.begin(job.key);
    station.put(job);
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
    return (this.#followed.get(view.id)?.tries.countOf(key) ?? 0) >= SEEN_TO_FAIL;
  }

  #settled(job: Job, outcome: Outcome): void {
    const { kind } = outcome;
    const came = kind === "done" ? outcome.came : null;
    const handed = came?.said === "good" ? handedOn(job.view, job.action) : 0n;
    this.#budgets.settle(job, kind !== "done" ? 0n : came && came.wei + handed);
    if (came?.said === "good" && job.action.do === "settle")
      relayEarned.inc(Number(earnedOf(job.view, this.#o.relayer, this.#o.attesterBps)) / 1e18);
    const followed = this.#followed.get(job.view.id);
    if (!followed) return this.#budgets.forget(job.view.id);
    const inVain = came !== null && !isEffect(came.said);
    if (inVain) relayInVain.inc({ what: job.action.do });
    const how = kind !== "done" ? "waits" : inVain ? "in_vain" : "sent";
    const wait = followed.tries.end(job.key, how, performance.now());
    const tries = followed.tries.countOf(job.key);
    // What was tried well, sent, and did nothing: a rival was faster, or it is other in a block than when it is tried.
    if (inVain) this.#o.log.info({ job: job.key, tries }, "a step was sent in vain");
    if (outcome.kind !== "done") {
      // Once in a while for people, each time for who looks for a fault.
      const level = kind === "held_back" && tries % 8 === 0 ? "info" : "debug";
      this.#o.log[level]({ job: job.key, kind, why: outcome.why, tries }, "a step of a bundle waits");
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
  mode: null,
  since: performance.now(),
  tries: new Tries(),
  rehearsal: "none",
  rehearsals: 0,
  nextRehearsal: 0,
});

const hasBegun = (view: BundleShown): boolean =>
  placesOfAll(view).some((place) => stateOf(view, place) !== "none");
