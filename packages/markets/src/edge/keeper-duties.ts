import { isLocal } from "@sooth/chain";
import type { Deps } from "./deps.ts";

export type DutiesDeps = {
  config: Pick<Deps["config"], "MARKETS_KEEPER">;
  hub: { definition: Pick<Deps["hub"]["definition"], "id"> };
};

/**
 * What this deployment's keeper does unasked. `tells`: it opens and tells hidden stances and takes markets' steps, such as the score;
 * a stance that nobody tells costs its owner the whole stake, so only `off` ends it. `claims`: it sends everybody's payments, which lose
 * nothing by waiting; unless asked for, on local networks only.
 */
export function keeperDuties({ config: { MARKETS_KEEPER: wanted }, hub }: DutiesDeps): {
  tells: boolean;
  claims: boolean;
} {
  const claims = wanted === "on" || (wanted === "auto" && isLocal(hub.definition.id));
  return { tells: wanted !== "off", claims };
}
