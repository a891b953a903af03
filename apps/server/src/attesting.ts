import { type Chain, isLocal, openChain } from "@sooth/chain";
import {
  type BundleWatch,
  attesterLimits,
  type NodeView,
  openWatch,
  policiesOf,
  runAttester,
  type Sighting,
} from "@sooth/bundles";
import type { LocalAccount } from "viem";
import type { ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import { parseRollups, type Network } from "./network.ts";
import type { Context } from "./slices.ts";

export type AttestingOptions = {
  config: ServerConfig;
  network: Network;
  views: Views;
  /** Keys that sign, each with the file that remembers what it said. */
  signers: readonly { name: string; signer: LocalAccount; journalFile: string }[];
  collectors: readonly string[];
  signal: AbortSignal;
  log: Context["log"];
};

const MARKS_MS = 4_000;

/** Every key's attester on two views of the chains, which all of them share. Ends when `signal` aborts. */
export async function attest(o: AttestingOptions): Promise<void> {
  const { config, network, log } = o;
  // When one of them falls, all are started anew: they look through the same views.
  const end = new AbortController();
  const signal = AbortSignal.any([o.signal, end.signal]);
  const [first, second] = o.views;
  const policyOf = policiesOf(config.PROVIDER_FINALITY);
  const { addresses } = network;
  const views = [await openView(o, first), ...(second ? [await openView(o, second)] : [])];
  const [one, other = one] = views.map(({ view }) => view);
  try {
    const limits = await attesterLimits(network.hub, addresses);
    if (!one || !other) return;
    const sighting: Sighting = {
      views: [one, other],
      hubChainId: network.hub.definition.id,
      stakeManager: addresses.stakeManager,
      domain: limits.domain,
      policyOf,
    };
    const ended = await Promise.allSettled(
      o.signers.map(({ name, signer, journalFile }) =>
        runAttester({
          account: signer,
          sighting,
          attesters: addresses.attesters,
          longestValidity: limits.longestValidity,
          collectors: o.collectors,
          journalFile: `${journalFile}.facts`,
          signal,
          log: log.child({ attester: name }),
        }).finally(() => end.abort()),
      ),
    );
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  } finally {
    await Promise.all(views.map(({ close }) => close()));
  }
}

type Urls = ReadonlyMap<number, string>;
type Views = readonly [Urls, Urls | null];

/**
 * The URLs of two views. Where money is real the second has others for every chain: what one node alone shows is not to be
 * signed. On this machine there is one node a chain, and nobody to lie. @throws server.missing_setting
 */
export function viewUrls(config: Pick<ServerConfig, "HUB_CHAIN_ID" | "HUB_RPC_URLS" | "ROLLUPS">): Views {
  const all = new Map<number, readonly string[]>([
    [config.HUB_CHAIN_ID, config.HUB_RPC_URLS],
    ...parseRollups(config.ROLLUPS).map(({ chainId, rpcUrls }) => [chainId, rpcUrls] as const),
  ]);
  const one = new Map<number, string>();
  const other = new Map<number, string>();
  for (const [chainId, urls] of all) {
    const [preferred] = urls;
    if (preferred === undefined) continue;
    one.set(chainId, preferred);
    const independent = urls.find((url) => new URL(url).host !== new URL(preferred).host);
    if (independent === undefined && !isLocal(chainId))
      throw ServerError.missing_setting({
        key: chainId === config.HUB_CHAIN_ID ? "HUB_RPC_URLS" : "ROLLUPS",
        why: `an attester believes no node alone: chain ${chainId} needs RPC URLs of two different hosts`,
      });
    other.set(chainId, independent ?? preferred);
  }
  const isSame = [...one].every(([chainId, url]) => other.get(chainId) === url);
  return [one, isSame ? null : other];
}

async function openView(
  { network, signal, log }: AttestingOptions,
  urls: Urls,
): Promise<{ view: NodeView; close: () => Promise<void> }> {
  const open = ({ definition }: Chain): Chain => {
    const url = urls.get(definition.id);
    return openChain({ definition, rpcUrls: url === undefined ? [] : [url] });
  };
  const hub = open(network.hub);
  const rollups = network.rollups.map(open);
  const chains = [hub, ...rollups];
  const fromBlocks = new Map([[hub.definition.id, network.startBlock], ...network.rollupStarts]);
  const watch: BundleWatch = openWatch({
    hub,
    rollups,
    addresses: network.addresses,
    fromBlocks,
    name: "attesting",
    signal,
    log,
  });
  const marks = new Map<string, bigint>();
  const timer = setInterval(() => void readMarks(chains, marks), MARKS_MS).unref();
  await readMarks(chains, marks);
  return {
    view: { watch, hub, markOf: (chainId, word) => marks.get(`${chainId} ${word}`) ?? null },
    close: async () => {
      clearInterval(timer);
      await watch.done;
      await Promise.all(chains.map((chain) => chain.close()));
    },
  };
}

/** What chains call safe and final. What one of them does not tell stays as it was: nothing is trusted for it. */
async function readMarks(chains: readonly Chain[], marks: Map<string, bigint>): Promise<void> {
  await Promise.all(
    chains.flatMap(({ client, definition: { id } }) =>
      (["safe", "finalized"] as const).map(async (word) => {
        const block = await client.getBlock({ blockTag: word }).catch(() => null);
        if (block?.number != null) marks.set(`${id} ${word}`, block.number);
      }),
    ),
  );
}
