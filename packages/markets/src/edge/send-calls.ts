import { enqueueTransactions } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import type { Deps } from "./deps.ts";

/** A call that the keeper makes. Who makes it changes nothing, and what was done already is refused or passed over. */
export type KeeperCall = {
  /** Names the effect: asked for twice, it is made once. */
  key: string;
  data: Hex;
  purpose: string;
  /** About what it takes. */
  gas: number;
  /** Whether it was never tried. What failed before goes alone: it must not make others fail. */
  isFirst: boolean;
};

/** Puts all of them into the outbox at once, so that they share transactions. */
export const sendCalls = (deps: Deps, to: Address, calls: readonly KeeperCall[]): Promise<void> =>
  enqueueTransactions(
    deps.store.db,
    calls.map(({ key, data, purpose, gas, isFirst }) => ({
      chainId: deps.hub.definition.id,
      key,
      to,
      data,
      purpose,
      priority: 1,
      ...(isFirst ? { joinsGas: gas } : {}),
    })),
  );
