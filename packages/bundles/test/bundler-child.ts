/** A bundler as a process of its own, for tests that kill it. What it needs stands in the environment. */
import { type Addresses, chainById, openChain } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { openStore } from "@sooth/store";
import { localParams } from "@sooth/chain";
import { relay } from "./relaying.ts";

type Settings = { urls: Record<string, string>; database: string; accounts: number[]; addresses: Addresses };
const { urls, database, accounts, addresses } = JSON.parse(process.env.BUNDLER_CHILD ?? "{}") as Settings;
const [hub, ...rollups] = Object.entries(urls).map(([id, rpcUrl]) => ({
  chain: openChain({ definition: { ...chainById(Number(id)), pollMs: 50 }, rpcUrls: [rpcUrl] }),
}));
if (hub)
  await relay(
    { hub, rollups, addresses, params: localParams } as unknown as Parameters<typeof relay>[0],
    openStore({ url: database }),
    accounts.map(devAccount),
  );
process.stdout.write("relays\n");
