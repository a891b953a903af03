import { keyAccount } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { LocalAccount } from "viem";
import type { RoleName, ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import type { LaptopAccounts } from "./laptop/accounts.ts";

export type ProviderKey = { name: string; signer: LocalAccount; journalFile: string; jurorOnly?: boolean };
export type Keys = {
  relayer?: LocalAccount;
  gateway?: LocalAccount;
  watcher?: LocalAccount;
  /** Each sends bundles' legs on every chain. */
  bundlers: LocalAccount[];
  /** Where the watcher keeps what it read first of questions that nobody answers. */
  watcherLooks?: string;
  providers: ProviderKey[];
};

/**
 * The keys that this process signs with: those of the configuration, or on a laptop the test accounts, of which the
 * configuration's have taken their places already. Every provider has a journal, named by its key and in one place
 * however the process was started, so that a restart never signs twice.
 * @param only which of a laptop's providers run; all when not given
 */
export function keysOf(
  config: ServerConfig,
  laptop: LaptopAccounts | undefined,
  only?: readonly number[],
): Keys {
  const folder = path.join(config.SOOTH_DATA_DIR, "providers");
  const provider = (name: string, signer: LocalAccount, journal?: string): ProviderKey => {
    mkdirSync(folder, { recursive: true });
    return {
      name,
      signer,
      journalFile: journal ?? path.join(folder, `${signer.address.toLowerCase()}.journal`),
    };
  };
  const watcher = accountOf(config.WATCHER_KEY);
  const watching = watcher && { watcher, watcherLooks: looksOf(config.SOOTH_DATA_DIR, watcher) };
  if (laptop)
    return {
      relayer: laptop.relayer,
      gateway: laptop.gateway,
      bundlers: laptop.bundlers,
      ...watching,
      providers: [
        ...laptop.providers
          .map(({ signer }, index) => ({ signer, index }))
          .filter(({ index }) => only === undefined || only.includes(index))
          .map(({ signer, index }) => provider(`provider-${index + 1}`, signer)),
        ...laptop.jurors.map((signer, index) => ({
          ...provider(`juror-${index + 1}`, signer),
          jurorOnly: true,
        })),
      ],
    };
  if (config.SOOTH_ROLES.includes("provider") && config.PROVIDER_KEY === undefined)
    throw ServerError.missing_setting({ key: "PROVIDER_KEY", why: "the provider role signs with it" });
  return {
    relayer: accountOf(config.RELAYER_KEY),
    gateway: accountOf(config.GATEWAY_KEY),
    bundlers: config.BUNDLER_KEYS.map((key) => keyAccount(key as Hex)),
    ...watching,
    providers:
      config.PROVIDER_KEY === undefined
        ? []
        : [provider("provider", keyAccount(config.PROVIDER_KEY as Hex), config.PROVIDER_JOURNAL)],
  };
}

function looksOf(dataDir: string, { address }: LocalAccount): string {
  const folder = path.join(dataDir, "watchers");
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${address.toLowerCase()}.looks`);
}

/** What belongs to one node alone; unlike a journal it may be lost. */
export const nodeFolder = (dataDir: string, address: string): string =>
  path.join(dataDir, "nodes", address.toLowerCase());

/** Addresses of the keys that these roles sign with for what they read; no two processes may do so with the same. */
export const nodesOf = ({ providers, watcher }: Keys, roles: readonly RoleName[]): Hex[] => [
  ...new Set([
    ...(roles.includes("provider") ? providers.map(({ signer }) => signer.address) : []),
    ...(roles.includes("watcher") && watcher ? [watcher.address] : []),
  ]),
];

const accountOf = (key: string | undefined): LocalAccount | undefined =>
  key === undefined ? undefined : keyAccount(key as Hex);
