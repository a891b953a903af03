import { at, type UnixSeconds } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { createPublicClient } from "viem";
import { ChainError } from "../chain-error.ts";
import type { ChainDefinition } from "../chains/chain-definition.ts";
import type { Chain } from "./chain.ts";
import { Endpoint, faultOf, namesOf, transportOf } from "./endpoint.ts";
import type { RpcRequest } from "./json-rpc.ts";

/** How often every URL is asked for chain id and head, in milliseconds: a dead URL is back within this. */
const PROBE_MS = 5_000;
/** A node further behind the best than this is not asked: its view of the chain is old. */
const BEHIND_SECONDS = 15;
const BEHIND_BLOCKS = 3;

/** @throws chain.no_rpc when `rpcUrls` is empty; a URL that does not work is found at the first request, not here. */
export function openChain(o: {
  definition: ChainDefinition;
  rpcUrls: readonly string[];
  log?: Logger;
}): Chain {
  const { definition } = o;
  if (o.rpcUrls.length === 0) throw ChainError.no_rpc({ chain: definition.name });
  const names = namesOf(o.rpcUrls);
  const endpoints = o.rpcUrls.map((url, index) => new Endpoint(url, at(names, index), definition));

  const probe = async (which: readonly Endpoint[]) => {
    const before = endpoints.map((endpoint) => endpoint.state);
    await Promise.all(which.map((endpoint) => endpoint.probe()));
    markBehind(endpoints, definition);
    for (const [index, endpoint] of endpoints.entries()) {
      if (endpoint.state === before[index]) continue;
      const level = endpoint.state === "usable" ? "info" : "warn";
      o.log?.[level](
        { chain: definition.name, rpc: endpoint.name, found: endpoint.found },
        `rpc ${endpoint.state}`,
      );
    }
  };
  const timer = setInterval(() => void probe(endpoints), PROBE_MS).unref();

  /** Usable first, then those behind, then those that were down a moment ago; each group in the given order. */
  const candidates = () => {
    const rank = { usable: 0, unknown: 0, behind: 1, down: 2, wrong_chain: 9, lied: 9 };
    return endpoints.filter(({ state }) => rank[state] < 9).toSorted((a, b) => rank[a.state] - rank[b.state]);
  };

  const unreachable = () => {
    const only = endpoints.every((endpoint) => endpoint.state === "wrong_chain");
    const tried = endpoints.map((endpoint) => `${endpoint.name} ${endpoint.state}: ${endpoint.found}`);
    if (!only) return ChainError.rpc_unreachable({ chain: definition.name, tried });
    const first = at(endpoints, 0);
    return ChainError.wrong_chain({ rpc: first.name, expected: definition.id, found: first.servedId ?? 0 });
  };

  const request = async (args: RpcRequest): Promise<unknown> => {
    let refusal: unknown;
    for (const endpoint of candidates()) {
      // Never a request to a URL whose chain id was not seen: its answer could be another chain's.
      if (endpoint.servedId === null) await probe([endpoint]);
      if (endpoint.servedId !== definition.id || endpoint.isAside()) continue;
      try {
        return await endpoint.request(args);
      } catch (error) {
        const fault = faultOf(error);
        if (fault === null) throw error;
        if (fault === "answer") refusal = error;
      }
    }
    throw refusal ?? unreachable();
  };

  const client = createPublicClient({
    chain: definition.viem,
    transport: transportOf(request),
    cacheTime: 0,
    pollingInterval: definition.pollMs,
  });

  return {
    definition,
    client,
    now: async () => Number((await client.getBlock({ blockTag: "latest" })).timestamp) as UnixSeconds,
    readers: async () => {
      const unsure = endpoints.filter(({ state }) => state === "unknown" || state === "down");
      if (unsure.some(({ state }) => state === "unknown") || unsure.length === endpoints.length)
        await probe(unsure);
      const found = candidates().filter(({ state }) => state === "usable" || state === "behind");
      if (found.length === 0) throw unreachable();
      return found.map(({ name, client }) => ({ name, client }));
    },
    putAside: (name, found) => {
      o.log?.error({ chain: definition.name, rpc: name, found }, "rpc put aside");
      endpoints.find((endpoint) => endpoint.name === name)?.putAside(found);
    },
    status: () => {
      const rpcs = endpoints.map((endpoint) => endpoint.status());
      const heads = rpcs.filter(({ state }) => state === "usable").map(({ head }) => head ?? 0);
      return {
        chainId: definition.id,
        name: definition.name,
        ok: heads.length > 0,
        head: heads.length > 0 ? Math.max(...heads) : null,
        rpcs,
      };
    },
    close: async () => clearInterval(timer),
  };
}

function markBehind(endpoints: readonly Endpoint[], definition: ChainDefinition): void {
  const alive = endpoints.filter(({ state, head }) => state === "usable" && head !== null);
  const best = Math.max(...alive.map(({ head }) => head ?? 0));
  const allowed = Math.max(BEHIND_BLOCKS, Math.ceil(BEHIND_SECONDS / definition.blockSeconds));
  for (const endpoint of alive) if (best - (endpoint.head ?? 0) > allowed) endpoint.markBehind(best);
}
