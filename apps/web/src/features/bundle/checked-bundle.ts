import { t } from "@lingui/core/macro";
import {
  type Bundle,
  bundleFromWire,
  bundleId,
  type Hub,
  type Leg,
  legFromWire,
  legHash,
  legsHashOf,
} from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import type { Hex } from "viem";
import { ApiError, type BundleDetail } from "../../api.ts";
import { legNames } from "./words.ts";

/**
 * A bundle as it was recomputed here. Legs that are private are null; all others hash to what stands in `hashes`, these to the
 * header's, and the header to the id.
 */
export type Checked = {
  id: Hex;
  bundle: Bundle;
  hashes: readonly Hex[];
  legs: readonly (Leg | null)[];
};
type Told = Pick<BundleDetail, "id" | "owner" | "mode" | "legs" | "deadline" | "bundle" | "shown">;

const refusal = (code: string, message: string, data?: object) =>
  new ApiError({ code: `web.${code}`, message, status: 0, ...(data && { data }) });

/**
 * What the server says of a bundle, if it agrees with itself: whoever signs or sends after this signs what the page shows.
 * @throws web.no_header while nobody has handed it over; web.other_bundle, web.other_legs
 */
export function checkedBundle(hub: Hub, told: Told): Checked {
  const { id, bundle: header } = told;
  if (header === null)
    throw refusal(
      "no_header",
      t`Nobody has shown what this bundle’s owner signed, so nothing of it is sent from here.`,
    );
  const bundle = read(() => bundleFromWire(header));
  const isAsTold =
    bundle?.mode === told.mode &&
    bundle.legs === told.legs &&
    bundle.deadline === told.deadline &&
    sameAddress(bundle.owner, told.owner);
  if (!isAsTold || read(() => bundleId(hub, bundle)) !== id.toLowerCase())
    throw refusal(
      "other_bundle",
      t`What the server shows is not what this bundle’s owner signed, so nothing of it is signed or sent.`,
    );
  const hashes = told.shown.map(({ hash }) => hash as Hex | null);
  const legs = read(() => told.shown.map(({ leg }) => (leg === null ? null : legFromWire(leg)))) ?? [];
  // An opening can keep even the hashes to itself; then no leg is known, and what the header alone says can still be sent.
  if (hashes.every((hash) => hash === null) && legs.every((leg) => leg === null))
    return { id: id.toLowerCase() as Hex, bundle, hashes: [], legs };
  const isWhole =
    hashes.length === bundle.legs &&
    legs.length === bundle.legs &&
    legs.every((leg, place) => leg === null || read(() => legHash(leg)) === hashes[place]) &&
    hashes.every((hash) => hash !== null) &&
    legsHashOf(hashes) === bundle.legsHash;
  if (!isWhole)
    throw refusal(
      "other_legs",
      t`The legs that the server shows are not those that were signed, so nothing of it is signed or sent.`,
    );
  return { id: id.toLowerCase() as Hex, bundle, hashes: hashes as Hex[], legs };
}

/** Undefined where numbers do not fit into their types, or bytes are none: no contract has hashed such a thing. */
function read<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Every leg: whoever pays has to see what he pays for. @throws web.private_legs */
export function allLegs({ legs }: Checked): readonly Leg[] {
  const hidden = legs.flatMap((leg, place) => (leg === null ? [place] : []));
  if (hidden.length > 0)
    throw refusal(
      "private_legs",
      t`Private: ${legNames(hidden)}. You cannot see what you would sign for; ask the owner to show it.`,
    );
  return legs as readonly Leg[];
}
