import { isLoopback } from "@sooth/kernel";
import { keyFileName } from "./keys.ts";

export type NodePlace = {
  /** Where the API is, which is where this page came from. */
  origin: string;
  chainId: number;
  /** A local network tells nodes on its machine everything; elsewhere a node has its own view of the chain. */
  local: boolean;
  /** The signing key's address, where it was made in a page and saved to a file. */
  saved: string | undefined;
};

/** The line that starts a provider's node. It names the file that holds the key, and never the key. */
export function nodeCommand({ origin, chainId, local, saved }: NodePlace): string {
  const file = saved === undefined ? "provider.env" : `~/Downloads/${keyFileName(saved)}`;
  const start = `npm start -- --join ${origin} --settings ${file}`;
  if (local && isLoopback(origin)) return start;
  return [
    `HUB_CHAIN_ID=${chainId} HUB_RPC_URLS=YOUR_RPC_URL`,
    "PROVIDER_ALLOWED_ORIGINS=ORIGINS_THAT_YOU_READ",
    start,
  ].join(" \\\n  ");
}
