import { type BundleTimes, bundleTimes, type Leg, type Mode, valueOf } from "../../core/index.ts";
import { need } from "@sooth/kernel";
import { policiesOf } from "../attest/finality.ts";
import { chainsOf, type Deps } from "../deps.ts";

/** Without settings, how long attesters wait by default counts. */
export type TimesDeps = Pick<Deps, "hub" | "rollups"> & {
  config?: Pick<Deps["config"], "PROVIDER_FINALITY">;
};
type Asked = { mode: Mode; legs: readonly Leg[]; fee: bigint; isPrivate: boolean };

/** How long a bundle takes by what attesters wait for: of legs that are private they do not know what hangs on them. */
export function timesOf(deps: TimesDeps, { mode, legs, fee, isPrivate }: Asked): BundleTimes {
  const { hub, config } = deps;
  const chains = new Map(chainsOf(deps).map(({ definition }) => [definition.id, definition]));
  const timingOf = (id: number) => need(chains.get(id), `chain ${id}`);
  const value = valueOf(isPrivate ? null : legs, fee);
  return bundleTimes(
    { mode, legs, value },
    hub.definition,
    timingOf,
    policiesOf(config?.PROVIDER_FINALITY ?? []),
  );
}
