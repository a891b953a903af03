import type { Addresses, Chain } from "@sooth/chain";
import { ChainView } from "../provider/chain-view.ts";
import type { WatchedAnswer } from "./run-watcher.ts";

/** The hub's answers that are not final yet: what a watcher can still object to. @throws chain.rpc_unreachable */
export function answersOnChain(
  hub: Chain,
  addresses: Addresses,
  fromBlock: number,
): () => Promise<readonly WatchedAnswer[]> {
  const view = new ChainView(hub, addresses, fromBlock);
  return async () => {
    await view.refresh();
    const found = await Promise.all(
      view.answeredOnes().map(async ({ id, schema, terms }): Promise<WatchedAnswer[]> => {
        const word = await view.wordOf(id);
        if (word.state !== "answered" || word.finalizeAt <= view.now) return [];
        return [{ question: id, schema, terms, value: word.value, round: word.round }];
      }),
    );
    return found.flat();
  };
}
