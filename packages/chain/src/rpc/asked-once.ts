import type { Addresses } from "../deployments/params.ts";
import type { Chain } from "./chain.ts";

/**
 * For what contracts were built with, which never changes: each chain is asked once, and again when it did not answer.
 * The function that comes back fails as `read` does.
 */
export function askedOnce<T>(
  read: (hub: Chain, addresses: Addresses) => Promise<T>,
): (hub: Chain, addresses: Addresses) => Promise<T> {
  const known = new WeakMap<Chain, Promise<T>>();
  return (hub, addresses) => {
    const held = known.get(hub);
    if (held) return held;
    const asked = read(hub, addresses);
    known.set(hub, asked);
    asked.catch(() => known.delete(hub));
    return asked;
  };
}
