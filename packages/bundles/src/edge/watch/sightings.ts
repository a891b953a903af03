import { type Address, type Hex } from "@sooth/kernel";
import {
  type Bundle,
  BundlesError,
  type BundleShown,
  bundleId,
  type FactsView,
  type Hub,
  type HubShown,
  type Leg,
  legHash,
  legsHashOf,
  type LegShown,
  NO_RESULT,
  NOBODY,
  type Place,
} from "../../core/index.ts";
import type { SeenIn } from "./chain-feed.ts";
import type { Standing } from "./is-ended.ts";
import type { SeenAt } from "./seen-logs.ts";

/** What is not on chain: the header of a bundle that is not open yet, hashes or payloads of one that is private. */
export type Learned = { bundle: Bundle; legs?: readonly Leg[]; hashes?: readonly Hex[] };
/** A bundle that is kept in memory; null: nobody told its header, or the hub has not opened it. */
export type Remembered = { id: Hex; deadline: number | null; base: bigint | null; legs: number };
/** Up to which block of a chain logs count; null: none of its. */
export type UpTo = (chainId: number) => number | null;

type Known = {
  id: Hex;
  bundle: Bundle | null;
  legs: readonly Leg[] | null;
  hashes: readonly Hex[] | null;
  /** Of hub and escrows, in the order in which they were read. */
  seen: SeenAt[];
};

const NOTHING: LegShown = { state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 };
const ALL: UpTo = () => Number.MAX_SAFE_INTEGER;

/**
 * What logs say of every bundle, each with chain and block: so it can be told as of any block, and what a branch said that is
 * gone is taken out again.
 */
export class Sightings {
  readonly #hub: Hub;
  readonly #known = new Map<Hex, Known>();
  readonly #ordinals = new Map<bigint, SeenAt[]>();
  readonly #byOrdinal = new Map<bigint, Hex>();
  readonly #sets: SeenAt[] = [];
  readonly #pauses = new Map<string, SeenAt[]>();
  /** By chain, limits of its escrow's lanes in the order in which they were set. */
  readonly #lanes = new Map<number, SeenAt[]>();
  /** By chain, what was read of each block that may still be dropped, in order. */
  readonly #recent = new Map<number, SeenAt[]>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  get ids(): Iterable<Hex> {
    return this.#known.keys();
  }

  get size(): number {
    return this.#known.size;
  }

  *remembered(): Generator<Remembered> {
    for (const { id, bundle, seen } of this.#known.values()) {
      const base = seen.find((at) => at.kind === "opened")?.base ?? null;
      yield { id, deadline: bundle?.deadline ?? null, base, legs: bundle?.legs ?? 0 };
    }
  }

  isSeen(id: Hex): boolean {
    return (this.#known.get(id)?.seen.length ?? 0) > 0;
  }

  /** @returns the bundles that it is about */
  take(chainId: number, seen: readonly SeenIn[], oldestKept: number): Set<Hex> {
    const changed = new Set<Hex>();
    const recent = this.#recent.get(chainId) ?? [];
    this.#recent.set(chainId, recent);
    for (const one of seen) {
      const at: SeenAt = { ...one, chainId };
      recent.push(at);
      this.#place(at).push(at);
      if (at.kind === "opened") this.#noteOpening(at);
      const id = this.#idOf(at);
      if (id !== undefined) changed.add(id);
    }
    const stays = recent.findIndex(({ block }) => block >= oldestKept);
    recent.splice(0, stays < 0 ? recent.length : stays);
    return changed;
  }

  /** @returns the bundles of which less is known now */
  drop(chainId: number, last: number): Set<Hex> {
    const changed = new Set<Hex>();
    const isGone = (at: SeenAt) => at.chainId === chainId && at.block > last;
    const without = (list: SeenAt[], id: Hex | undefined): void => {
      const gone = list.filter(isGone);
      if (gone.length === 0) return;
      const kept = list.filter((at) => !isGone(at));
      list.splice(0, list.length, ...kept);
      if (id !== undefined) changed.add(id);
      for (const at of gone) if (at.kind === "opened") this.#forgetOrdinals(at);
    };
    const recent = this.#recent.get(chainId) ?? [];
    if (last < (recent[0]?.block ?? 0)) {
      // Perhaps deeper than the list of what is recent: everything is looked through.
      for (const [id, known] of this.#known) without(known.seen, id);
      for (const [ordinal, list] of this.#ordinals) without(list, this.#byOrdinal.get(ordinal));
      for (const list of [this.#sets, ...this.#pauses.values(), ...this.#lanes.values()])
        without(list, undefined);
    } else for (const at of recent.filter(isGone)) without(this.#place(at), this.#idOf(at));
    this.#recent.set(
      chainId,
      recent.filter((at) => !isGone(at)),
    );
    for (const id of changed) this.#forgetUnsaid(id);
    return changed;
  }

  /** @throws bundles.wrong_id, bundles.wrong_legs when it is not what the id and the header say */
  learn(id: Hex, { bundle, legs, hashes = legs?.map(legHash) }: Learned): void {
    const found = bundleId(this.#hub, bundle);
    if (found !== id) throw BundlesError.wrong_id({ wanted: id, found });
    const known = this.#entry(id);
    known.bundle ??= bundle;
    if (hashes === undefined) return;
    const own = legsHashOf(hashes);
    const isSame = own === bundle.legsHash && hashes.length === bundle.legs;
    if (!isSame || legs?.some((leg, place) => legHash(leg) !== hashes[place]))
      throw BundlesError.wrong_legs({ wanted: bundle.legsHash, found: own });
    known.hashes ??= hashes;
    if (legs) known.legs ??= legs;
  }

  legsOf(id: Hex): readonly Leg[] | null {
    return this.#known.get(id)?.legs ?? null;
  }

  headerOf(id: Hex): Bundle | null {
    return this.#known.get(id)?.bundle ?? null;
  }

  /** The bundle of whose legs one has this ordinal, as far as the newest blocks tell. */
  bundleAt(ordinal: bigint): Hex | undefined {
    return this.#byOrdinal.get(ordinal);
  }

  /** All that facts are made of, by the blocks that count; undefined while header or hashes are not known. */
  factsView(id: Hex, upTo: UpTo = ALL): (FactsView & { hub: Omit<HubShown, "now" | "paused"> }) | undefined {
    const known = this.#known.get(id);
    if (!known?.bundle) return undefined;
    const { bundle } = known;
    const seen = known.seen.filter((at) => counts(at, upTo));
    known.hashes ??= known.legs?.map(legHash) ?? hashesOf(bundle, seen);
    if (known.hashes === null) return undefined;
    const hub = hubOf(bundle, seen);
    return {
      id,
      bundle,
      hashes: known.hashes,
      hub,
      shown: known.hashes.map((_, place) => this.#legShown(seen, hub.base, place, upTo)),
    };
  }

  /** As the newest blocks have it, also while no leg or hash of it is known; undefined while its header is not. */
  standing(id: Hex): Standing | undefined {
    const known = this.#known.get(id);
    if (!known?.bundle) return undefined;
    const { bundle, seen } = known;
    const hub = hubOf(bundle, seen);
    const places = Array.from({ length: bundle.legs }, (_, place) => place);
    return { bundle, hub, shown: places.map((place) => this.#legShown(seen, hub.base, place, ALL)) };
  }

  /** When the newest log of it or of a leg of it was written, or a little later; null when there is none. */
  newestOf(id: Hex): number | null {
    const seen = this.#known.get(id)?.seen ?? [];
    const opening = seen.find((at) => at.kind === "opened");
    const places = Array.from({ length: opening?.bundle.legs ?? 0 }, (_, place) => BigInt(place));
    const ofLegs = places.flatMap((place) => this.#ordinals.get((opening?.base ?? 0n) + place) ?? []);
    return newestIn([...seen, ...ofLegs]);
  }

  /** As the newest blocks have it; undefined while its legs are not known. The clocks are put in by whoever has them. */
  shown(
    id: Hex,
  ): (Omit<BundleShown, "hub" | "chains"> & { hub: Omit<HubShown, "now" | "paused"> }) | undefined {
    const view = this.factsView(id);
    const legs = this.#known.get(id)?.legs;
    return view && legs ? { ...view, legs } : undefined;
  }

  /** What the leg at this ordinal returned; empty when nothing was logged. */
  returned(ordinal: bigint): Hex {
    return this.#ordinals.get(ordinal)?.find((at) => at.kind === "returned")?.data ?? "0x";
  }

  /** Who attests, as the hub said one after the other, each with the block that said it. */
  sets(upTo: UpTo = ALL): (SeenAt & { kind: "seated" })[] {
    return this.#sets.flatMap((at) => (at.kind === "seated" && counts(at, upTo) ? at : []));
  }

  /** Until when a contract is paused; unix seconds, 0 when it never was. */
  pausedUntil(chainId: number, contract: Address): number {
    const last = this.#pauses.get(pauseKey(chainId, contract))?.at(-1);
    return last?.kind === "paused" ? last.until : 0;
  }

  /** Whether any lane is bounded at a chain's escrow: of each the limit that was set last counts. */
  hasLanes(chainId: number): boolean {
    const last = new Map<string, boolean>();
    for (const at of this.#lanes.get(chainId) ?? [])
      if (at.kind === "lane") last.set(`${at.other} ${at.token}`, at.isBounded);
    return [...last.values()].includes(true);
  }

  /** Nothing is told of it any more. */
  forget(id: Hex): void {
    const opening = this.#known.get(id)?.seen.find((at) => at.kind === "opened");
    if (opening) {
      this.#forgetOrdinals(opening);
      for (let place = 0; place < opening.bundle.legs; place++)
        this.#ordinals.delete(opening.base + BigInt(place));
    }
    this.#known.delete(id);
  }

  /** What is told of legs of no bundle that is known: it was forgotten before, or is not read yet. */
  forgetOrphans(isOver: (newest: number) => boolean): void {
    for (const [ordinal, list] of this.#ordinals)
      if (!this.#byOrdinal.has(ordinal) && isOver(newestIn(list) ?? 0)) this.#ordinals.delete(ordinal);
  }

  #forgetOrdinals({ id, base, bundle }: SeenAt & { kind: "opened" }): void {
    for (let ordinal = base; ordinal < base + BigInt(bundle.legs); ordinal++)
      if (this.#byOrdinal.get(ordinal) === id) this.#byOrdinal.delete(ordinal);
  }

  #legShown(seen: readonly SeenAt[], base: bigint | null, place: Place, upTo: UpTo): LegShown {
    const own = base === null ? [] : (this.#ordinals.get(base + BigInt(place)) ?? []);
    const ofOrdinal = own.filter((at) => counts(at, upTo));
    const receipt = ofOrdinal.find((at) => at.kind === "receipt");
    const held = seen.filter((at) => "place" in at && at.place === place && at.kind !== "share");
    const failures =
      ofOrdinal.filter(({ kind }) => kind === "not_undone").length +
      held.filter(({ kind }) => kind === "not_finished").length;
    if (receipt) return { state: receipt.status, result: receipt.result, relayer: receipt.relayer, failures };
    if (held.some(({ kind }) => kind === "taken_back")) return { ...NOTHING, state: "taken_back", failures };
    const finished = held.find((at) => at.kind === "finished");
    if (finished)
      return { ...NOTHING, state: finished.outcome === "committed" ? "ok" : "cancelled", failures };
    return held.some(({ kind }) => kind === "prepared")
      ? { ...NOTHING, state: "held", failures }
      : { ...NOTHING, failures };
  }

  #entry(id: Hex): Known {
    const known = this.#known.get(id) ?? { id, bundle: null, legs: null, hashes: null, seen: [] };
    this.#known.set(id, known);
    return known;
  }

  #noteOpening(at: SeenAt & { kind: "opened" }): void {
    const known = this.#entry(at.id);
    known.bundle ??= at.bundle;
    if (at.legs) {
      known.legs ??= at.legs.legs;
      known.hashes ??= at.legs.hashes;
    }
    for (let place = 0; place < at.bundle.legs; place++) this.#byOrdinal.set(at.base + BigInt(place), at.id);
  }

  /** Where it is kept. */
  #place(at: SeenAt): SeenAt[] {
    if ("id" in at) return this.#entry(at.id).seen;
    if (at.kind === "seated") return this.#sets;
    if (at.kind === "lane") return listIn(this.#lanes, at.chainId);
    if (at.kind === "paused") return listIn(this.#pauses, pauseKey(at.chainId, at.contract));
    return listIn(this.#ordinals, at.ordinal);
  }

  #idOf(at: SeenAt): Hex | undefined {
    if ("id" in at) return at.id;
    if (at.kind === "paused" || at.kind === "seated" || at.kind === "lane") return undefined;
    return this.#byOrdinal.get(at.ordinal);
  }

  /** Of which nothing was said on a branch that stands, and nobody told: it is as if it had never been. */
  #forgetUnsaid(id: Hex): void {
    const known = this.#known.get(id);
    if (known && known.seen.length === 0 && known.bundle === null) this.#known.delete(id);
  }
}

function hubOf(bundle: Bundle, seen: readonly SeenAt[]): Omit<HubShown, "now" | "paused"> {
  const opening = seen.find((at) => at.kind === "opened");
  const base = opening?.base ?? null;
  // What its header states of a fee nobody paid.
  const isFree = opening?.isUnopened === true;
  const decided = seen.find((at) => at.kind === "decided")?.outcome;
  const shares = seen.filter(({ kind }) => kind === "share").length;
  return {
    base,
    outcome: decided ?? (base === null ? "none" : "open"),
    fee: seen.reduce(
      (sum, at) => (at.kind === "topped_up" ? sum + at.amount : sum),
      isFree ? 0n : bundle.fee,
    ),
    settled: isFree || shares === bundle.legs || seen.some(({ kind }) => kind === "reclaimed"),
  };
}

const counts = ({ chainId, block }: SeenAt, upTo: UpTo): boolean => {
  const last = upTo(chainId);
  return last !== null && block <= last;
};
const newestIn = (seen: readonly SeenAt[]): number | null =>
  seen.reduce<number | null>((newest, { time }) => Math.max(newest ?? time, time), null);
const pauseKey = (chainId: number, contract: Address): string => `${chainId}:${contract.toLowerCase()}`;

function listIn<K>(lists: Map<K, SeenAt[]>, key: K): SeenAt[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Escrows log the hash of every leg that they hold: once all are held, nobody has to tell. */
function hashesOf(bundle: Bundle, seen: readonly SeenAt[]): Hex[] | null {
  const hashes = new Map<Place, Hex>();
  for (const at of seen) if (at.kind === "prepared" && at.leg) hashes.set(at.place, at.leg);
  if (hashes.size !== bundle.legs) return null;
  const inOrder = Array.from({ length: bundle.legs }, (_, place) => hashes.get(place) ?? NO_RESULT);
  return legsHashOf(inOrder) === bundle.legsHash ? inOrder : null;
}
