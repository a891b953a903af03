import {
  type Bundle,
  bundleToWire,
  sameCall,
  type WireBundleCall,
  type WirePreparedBundle,
} from "@sooth/bundles/core";
import { type Hex, sameAddress } from "@sooth/kernel";
import { OpsError } from "../ops-error.ts";
import { ofLeg } from "./words.ts";

/** What was worked out here from a file. */
export type Own = { id: Hex; bundle: Bundle; calls: readonly WireBundleCall[] };

/**
 * A server that says another header, id or call than what was worked out here is not followed: what it knows better can only be
 * a lie. Calls may be missing, such as an allowance that is there already. @throws ops.other_bundle
 */
export function refuseOther(own: Own, told: WirePreparedBundle): void {
  const { legs, legsHash, owner, mode, deadline, fee, salt } = bundleToWire(own.bundle);
  const header = told.bundle;
  const fields = [
    ["legs", header.legsHash === legsHash && header.legs === legs],
    ["owner", sameAddress(header.owner, owner)],
    ["mode", header.mode === mode],
    ["deadline", header.deadline === deadline],
    ["fee", header.fee === fee],
    ["salt", header.salt === salt],
    ["id", told.id === own.id],
  ] as const;
  const calls = told.calls.filter((call) => !own.calls.some((one) => sameCall(one, call)));
  const differs = [
    ...fields.flatMap(([what, isSame]) => (isSame ? [] : [what])),
    ...calls.map(({ what, leg, chainId }) => `the call ${what}${ofLeg(leg)} on chain ${chainId}`),
  ];
  if (differs.length > 0) throw OpsError.other_bundle({ differs: differs.join(", ") });
}
