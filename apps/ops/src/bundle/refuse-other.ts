import {
  bundleFromWire,
  bundleId,
  type Hub,
  legFromWire,
  legHash,
  legsHashOf,
  type WirePrepareBundle,
  type WirePreparedBundle,
} from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";
import { OpsError } from "../ops-error.ts";

/**
 * Nothing is signed but what the file says: the server adds the salt, and the fee where the file names none.
 * @throws ops.other_bundle
 */
export function refuseOther(hub: Hub, asked: WirePrepareBundle, { id, bundle }: WirePreparedBundle): void {
  const legsHash = legsHashOf(asked.legs.map((leg) => legHash(legFromWire(leg))));
  const differs = [
    ["legs", bundle.legsHash === legsHash && bundle.legs === asked.legs.length],
    ["owner", sameAddress(bundle.owner, asked.owner)],
    ["mode", bundle.mode === asked.mode],
    ["deadline", bundle.deadline === asked.deadline],
    ["fee", asked.fee === undefined || bundle.fee === asked.fee],
    ["salt", asked.salt === undefined || bundle.salt === asked.salt],
    ["id", bundleId(hub, bundleFromWire(bundle)) === id],
  ].flatMap(([what, same]) => (same === true ? [] : String(what)));
  if (differs.length > 0) throw OpsError.other_bundle({ differs: differs.join(", ") });
}
