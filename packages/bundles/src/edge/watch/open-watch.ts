import { setTimeout as delay } from "node:timers/promises";
import { escrowAbi } from "@sooth/abi";
import { type Addresses, type Chain, isLocal } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { gauge, type Logger } from "@sooth/runtime";
import type { BundleShown, ChainShown, FactsView, HubShown, Leg, Seat } from "../../core/index.ts";
import { Forgetting } from "./forgetting.ts";
import { ChainFeed, type Header } from "./chain-feed.ts";
import { decidedBefore } from "./is-ended.ts";
import { type Learned, type Remembered, Sightings, type UpTo } from "./sightings.ts";
import { logReader } from "./seen-logs.ts";

export type WatchOptions = {
  hub: Chain;
  rollups: readonly Chain[];
  addresses: Pick<Addresses, "bundleHub" | "settler" | "escrow" | "attesters">;
  /** Where reading starts, by chain id; of a chain that is not named at block 0. */
  fromBlocks?: ReadonlyMap<number, number>;
  /**
   * Blocks whose hashes are kept: as deep as a chain may reorganise without being read anew. Not given: half an hour's, which
   * is longer than any chain of ours takes to call a block final.
   */
  window?: number;
  /** What for, in figures; for relaying when not given. */
  name?: string;
  signal: AbortSignal;
  log: Logger;
};

/** A set of attesters, and the block of the hub that said who sits in it. */
export type SeatedSet = { epoch: number; totalWeight: bigint; seats: readonly Seat[]; block: number };

/** What hub, settlers and escrows of all chains say of bundles, in memory, as the newest blocks have it. */
export type BundleWatch = {
  /** Told after every block, and after a branch went: of which bundles more, or less, is known. */
  onChange(told: (ids: ReadonlySet<Hex>) => void): void;
  /** Told of the newest head at once, and of every new one, also when nothing happened in it. */
  onHead(told: (chainId: number, head: Header) => void): void;
  /** Undefined while its legs are not known, or a chain that one of them is on has not answered yet. */
  shown(id: Hex): BundleShown | undefined;
  /** What facts are made of, by the blocks that count; legs themselves are not needed. */
  factsView(id: Hex, upTo?: UpTo): (FactsView & { hub: Pick<HubShown, "fee"> }) | undefined;
  known(): Iterable<Hex>;
  /**
   * Bundles that have not ended, or not for long, and until which deadline nobody needs a decision of any other; null while that is
   * not known.
   */
  remembered(): { bundles: Iterable<Remembered>; before: number } | null;
  /** Whether some log is of it. */
  isSeen(id: Hex): boolean;
  /** @throws bundles.wrong_id, bundles.wrong_legs when it is not what the id says */
  learn(id: Hex, learned: Learned): void;
  legsOf(id: Hex): readonly Leg[] | null;
  headerOf(id: Hex): Learned["bundle"] | null;
  /** Which bundle the leg at this ordinal is of. */
  bundleAt(ordinal: bigint): Hex | undefined;
  /** What the leg at this ordinal returned; empty when nothing was logged. */
  returned(ordinal: bigint): Hex;
  /** Who attests, as the hub said one after the other, up to the blocks that count. */
  sets(upTo?: UpTo): readonly SeatedSet[];
  /** The newest block of a chain; null before it answered. */
  head(chainId: number): Header | null;
  /** All that nodes showed at this moment (of `performance.now()`) has been read, on every chain. */
  readAt(): number;
  /** The hash that a block within the window had here; null outside of it. */
  hashOf(chainId: number, block: number): Hex | null;
  /** Resolves when every chain was read up to a head once. */
  ready: Promise<void>;
  /** Resolves when nothing is polled any more, after the signal. */
  done: Promise<void>;
};

const LEAST_WINDOW = 256;
const WINDOW_SECONDS = 1_800;
/** A local node answers in a millisecond, and people watch. */
const LOCAL_POLL_MS = 50;
/** For so long at least a bundle that ended is kept; for longer where a branch may go that is longer. */
const KEPT_SECONDS = 3_600;

const watched = gauge("bundles_watched", "Bundles that are kept in memory, by what is watched for", ["for"]);

/** Begins to watch, and goes on until `signal` aborts. A node that does not answer is asked again. */
export function openWatch(o: WatchOptions): BundleWatch {
  const { addresses, hub, rollups, log } = o;
  const hubId = hub.definition.id;
  const sightings = new Sightings({ chainId: hubId, hub: addresses.bundleHub });
  const changes: ((ids: ReadonlySet<Hex>) => void)[] = [];
  const heads: ((chainId: number, head: Header) => void)[] = [];
  const tell = (ids: ReadonlySet<Hex>) => {
    if (ids.size > 0) for (const told of changes) told(ids);
  };
  const feeds = new Map<number, ChainFeed>();
  const windowOf = ({ definition: { id, blockSeconds } }: Chain): number =>
    o.window ??
    (isLocal(id) ? LEAST_WINDOW : Math.max(LEAST_WINDOW, Math.ceil(WINDOW_SECONDS / blockSeconds)));
  let escape: number | null = null;
  const askEscape = () => {
    if (escape !== null) return;
    const at = { address: addresses.escrow, abi: escrowAbi } as const;
    hub.client.readContract({ ...at, functionName: "ESCAPE_SECONDS" }).then(
      (seconds) => (escape = seconds),
      () => undefined, // until it is known nothing that is held is forgotten
    );
  };
  const clock = () => {
    const times = [...feeds.values()].map(({ head }) => head?.timestamp ?? null);
    return times.some((time) => time === null) ? null : Math.min(...(times as number[]));
  };
  const forgetting = new Forgetting({
    sightings,
    now: clock,
    escape: () => escape,
    keptSeconds: Math.max(
      KEPT_SECONDS,
      ...[hub, ...rollups].map((chain) => windowOf(chain) * chain.definition.blockSeconds),
    ),
  });
  for (const chain of [hub, ...rollups]) {
    const { id } = chain.definition;
    const { settler, escrow } = addresses;
    const window = windowOf(chain);
    feeds.set(
      id,
      new ChainFeed({
        chain,
        window,
        from: o.fromBlocks?.get(id) ?? 0,
        reader: logReader({
          settler,
          escrow,
          ...(id === hubId && { hub: { hub: addresses.bundleHub, attesters: addresses.attesters } }),
        }),
        sink: {
          take: (seen, head) => {
            const changed = sightings.take(id, seen, head.number - window);
            forgetting.note(changed);
            if (id === hubId) {
              askEscape();
              forgetting.sweep();
            }
            watched.set({ for: o.name ?? "relaying" }, sightings.size);
            for (const told of heads) told(id, head);
            tell(changed);
          },
          drop: (last) => {
            log.warn({ chain: chain.definition.name, from: last + 1 }, "blocks are gone");
            const changed = sightings.drop(id, last);
            forgetting.unnote(changed);
            tell(changed);
          },
        },
      }),
    );
  }

  const chainShown = (chainId: number, contract: Hex): ChainShown | null => {
    const now = feeds.get(chainId)?.head?.timestamp;
    if (now === undefined) return null;
    const paused = now < sightings.pausedUntil(chainId, contract);
    return { now, paused, lanes: sightings.hasLanes(chainId) };
  };
  const shown = (id: Hex): BundleShown | undefined => {
    const view = sightings.shown(id);
    const hubShown = chainShown(hubId, addresses.bundleHub);
    if (!view || !hubShown) return undefined;
    const chains = new Map<number, ChainShown>();
    const runsIt = view.bundle.mode === "ordered" ? addresses.settler : addresses.escrow;
    for (const { chainId } of view.legs) {
      const of = chainShown(chainId, runsIt);
      if (of === null) return undefined;
      chains.set(chainId, of);
    }
    return { ...view, hub: { ...view.hub, ...hubShown }, chains };
  };

  const loops = [hub, ...rollups].map((chain) => {
    const feed = feeds.get(chain.definition.id);
    return feed ? follow(feed, chain, o) : { ready: Promise.resolve(), done: Promise.resolve() };
  });
  return {
    onChange: (told) => void changes.push(told),
    onHead: (told) => {
      heads.push(told);
      // A chain that stands still has a clock all the same.
      for (const [id, { head }] of feeds) if (head !== null) told(id, head);
    },
    shown,
    factsView: (id, upTo) => sightings.factsView(id, upTo),
    known: () => sightings.ids,
    remembered: () => {
      const now = clock();
      if (now === null || escape === null) return null;
      const bundles = [...sightings.remembered()].filter(({ id }) => !forgetting.hasLongEnded(id));
      return { bundles, before: decidedBefore(now, escape) };
    },
    isSeen: (id) => sightings.isSeen(id),
    learn: (id, learned) => {
      sightings.learn(id, learned);
      tell(new Set([id]));
    },
    legsOf: (id) => sightings.legsOf(id),
    headerOf: (id) => sightings.headerOf(id),
    bundleAt: (ordinal) => sightings.bundleAt(ordinal),
    returned: (ordinal) => sightings.returned(ordinal),
    sets: (upTo) => sightings.sets(upTo),
    head: (chainId) => feeds.get(chainId)?.head ?? null,
    readAt: () => Math.min(...[...feeds.values()].map((feed) => feed.readAt)),
    hashOf: (chainId, block) => feeds.get(chainId)?.hashOf(block) ?? null,
    ready: Promise.all(loops.map(({ ready }) => ready)).then(() => undefined),
    done: Promise.all(loops.map(({ done }) => done)).then(() => undefined),
  };
}

function follow(feed: ChainFeed, chain: Chain, { signal, log }: WatchOptions) {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const pause = isLocal(chain.definition.id)
    ? Math.min(LOCAL_POLL_MS, chain.definition.pollMs)
    : chain.definition.pollMs;
  const loop = async () => {
    let complaint: string | null = null;
    while (!signal.aborted) {
      try {
        await feed.poll();
        if (feed.head !== null) resolve();
        complaint = null;
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        // Once per trouble: the same sentence at every poll would hide the others.
        if (!signal.aborted && text !== complaint)
          log.warn({ err: error, chain: chain.definition.name }, "bundles cannot be watched now");
        complaint = text;
      }
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
    resolve();
  };
  return { ready, done: loop() };
}
