import type { UnixSeconds } from "@sooth/kernel";
import type { PublicClient } from "viem";
import type { ChainDefinition } from "../chains/chain-definition.ts";

/** "unknown" until the first answer. Requests go to usable URLs in their order; "wrong_chain" and "lied" get none. */
export type RpcState = "unknown" | "usable" | "behind" | "down" | "wrong_chain" | "lied";
export type RpcStatus = {
  /** The URL without path, query or credentials, since keys hide there. */
  name: string;
  state: RpcState;
  head: number | null;
  /** What was wrong last; null when all is well. */
  found: string | null;
};
export type ChainStatus = {
  chainId: number;
  name: string;
  ok: boolean;
  head: number | null;
  rpcs: readonly RpcStatus[];
};

/** A client that speaks to one URL alone, so that a range of blocks is read from one node's view. */
export type RpcReader = { name: string; client: PublicClient };

export type Chain = {
  definition: ChainDefinition;
  /** Asks the first usable URL, then the next. @throws chain.rpc_unreachable, chain.wrong_chain */
  client: PublicClient;
  /** The clock of the chain: timestamp of its latest block. */
  now(): Promise<UnixSeconds>;
  /** Every URL that may be asked now, the preferred one first. @throws chain.rpc_unreachable, chain.wrong_chain */
  readers(): Promise<readonly RpcReader[]>;
  /** No request goes to this URL for some minutes. */
  putAside(name: string, found: string): void;
  status(): ChainStatus;
  close(): Promise<void>;
};
