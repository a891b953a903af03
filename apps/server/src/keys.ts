import type { Hex } from "@sooth/kernel";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { ServerConfig } from "./config.ts";
import { ServerError } from "./errors.ts";
import type { LaptopAccounts } from "./laptop/accounts.ts";

export type ProviderKey = { name: string; signer: LocalAccount; journalFile: string; jurorOnly?: boolean };
export type Keys = {
  relayer?: LocalAccount;
  gateway?: LocalAccount;
  watcher?: LocalAccount;
  providers: ProviderKey[];
};

/**
 * The keys that this process signs with: those of the configuration, or on a laptop the test accounts, of which the
 * configuration's have taken their places already. Every provider has a journal, named by its key, so that a restart
 * never signs twice.
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
  if (laptop)
    return {
      relayer: laptop.relayer,
      gateway: laptop.gateway,
      watcher: accountOf(config.WATCHER_KEY),
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
    watcher: accountOf(config.WATCHER_KEY),
    providers:
      config.PROVIDER_KEY === undefined
        ? []
        : [provider("provider", privateKeyToAccount(config.PROVIDER_KEY as Hex), config.PROVIDER_JOURNAL)],
  };
}

const accountOf = (key: string | undefined): LocalAccount | undefined =>
  key === undefined ? undefined : privateKeyToAccount(key as Hex);
