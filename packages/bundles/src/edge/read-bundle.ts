import { type Address, need } from "@sooth/kernel";
import type { z } from "zod";
import { BundlesError, type bundlesPage, NOBODY, type WireBundleDetail } from "../core/index.ts";
import { type Attested, NOTHING_ATTESTED, readAttested, readOpeningsAttested } from "./attested.ts";
import { bundleCalls } from "./calls/bundle-calls.ts";
import { bundleTerms } from "./contracts.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { chainsOf, type Deps } from "./deps.ts";
import { lanesNow } from "./lanes.ts";
import { legCosts } from "./leg-costs.ts";
import { payersOf } from "./payloads.ts";
import { type Clocks, readClocks } from "./rows/clocks.ts";
import { type BundleFilter, listIds, type Place } from "./rows/list-bundles.ts";
import { loadBundles, type StoredBundle } from "./rows/load-bundles.ts";
import { type Around, isPublic, toDetail, toRow } from "./to-wire.ts";

type ReadDeps = Pick<Deps, "store" | "hub" | "rollups" | "addresses">;

/** @throws bundles.not_followed before the hub's first block */
export async function clocksOf(deps: ReadDeps): Promise<Clocks> {
  const clocks = await readClocks(deps.store.db, chainsOf(deps));
  const chain = deps.hub.definition.id;
  if (!clocks.has(chain)) throw BundlesError.not_followed({ chain });
  return clocks;
}

async function aroundOf(deps: ReadDeps, attested: Attested): Promise<Around> {
  const [clocks, terms] = await Promise.all([clocksOf(deps), bundleTerms(deps.hub, deps.addresses)]);
  return { hubChainId: deps.hub.definition.id, clocks, terms, attested };
}

/** @throws bundles.unknown */
export async function bundleOr404({ store }: Pick<Deps, "store">, id: string): Promise<StoredBundle> {
  const [stored] = await loadBundles(store.db, [id]);
  if (!stored) throw BundlesError.unknown({ bundle: id });
  return stored;
}

/** @throws bundles.unknown */
export async function readBundle(deps: ReadDeps, id: string): Promise<WireBundleDetail> {
  const { db } = deps.store;
  const stored = await bundleOr404(deps, id);
  const [around, costs, payers, lanes] = await Promise.all([
    readAttested(db, stored).then((attested) => aroundOf(deps, attested)),
    legCosts(db, chainsOf(deps), stored),
    payersOf(db, stored.id),
    lanesAhead(deps, stored),
  ]);
  // Who sends one of these himself puts his own address in the place of nobody's.
  const relayer: Address = NOBODY;
  const calls = bundleCalls({ stored, around, addresses: deps.addresses, payers, relayer });
  return toDetail(stored, around, costs, calls, lanes);
}

/** Of legs that are still to be held. Of private ones nothing is told. */
async function lanesAhead(deps: ReadDeps, stored: StoredBundle): Promise<WireBundleDetail["lanes"]> {
  const { bundle, legs, outcome, shown } = stored;
  const isAhead = bundle.mode === "escrowed" && (outcome === "none" || outcome === "open");
  if (!isAhead || legs === null || !shown.every((row) => isPublic(stored, row))) return [];
  const found = await lanesNow(deps, legs);
  return found.flatMap(({ now: { chainId, other, token, room, restsUntil }, places, amount }) =>
    places.every((place) => shown[place]?.state === "none")
      ? [
          {
            chainId,
            other,
            token,
            places,
            wanted: String(amount),
            room: String(room),
            restsUntil: restsUntil > 0 ? restsUntil : null,
          },
        ]
      : [],
  );
}

/** How many are looked through for one page where only the whole bundle tells its status. */
const MOST_LOOKED_AT = 1_000;

/** @throws bundles.bad_cursor */
export async function readBundles(
  deps: ReadDeps,
  query: BundleFilter & { cursor?: string; limit: number },
): Promise<z.infer<typeof bundlesPage>> {
  const { cursor, limit, ...filter } = query;
  const plain = await aroundOf(deps, NOTHING_ATTESTED);
  const items: z.infer<typeof bundlesPage>["items"] = [];
  let place: Place | undefined = cursor === undefined ? undefined : decodeCursor(cursor);
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    const found = await listIds(deps.store.db, filter, place, limit + 1);
    const ids = found.map(({ id }) => id);
    const stored = await loadBundles(deps.store.db, ids);
    const around = { ...plain, attested: await readOpeningsAttested(deps.store.db, stored) };
    for (const [index, bundle] of stored.entries()) {
      if (items.length === limit) return { items, next: place ? encodeCursor(place) : null };
      place = need(found[index], "its place");
      const row = toRow(bundle, around);
      if (filter.status === undefined || row.status.kind === filter.status) items.push(row);
    }
    looked += found.length;
    if (found.length <= limit) return { items, next: null };
  }
  return { items, next: place ? encodeCursor(place) : null };
}
