import type { Hex } from "@sooth/kernel";
import { laptopAccounts, type ServerConfig } from "@sooth/server";
import { Keystore } from "ox";
import { readFileSync, statSync } from "node:fs";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { OpsError } from "../ops-error.ts";

export type KeyFiles = { keystore?: string | undefined; passwordFile?: string | undefined };

/** Bits of a file's mode that let others than its owner read it. */
const OTHERS_READ = 0o044;

/**
 * Who signs what the emergency commands send: a keystore (version 3, as `cast wallet` and geth write it), else
 * GUARDIAN_KEY, else on a laptop its own guardian. @throws ops.no_key, ops.unreadable, ops.bad_keystore, ops.open_to_others
 */
export async function signerOf(
  { keystore, passwordFile }: KeyFiles,
  config: Pick<ServerConfig, "GUARDIAN_KEY">,
  isLaptop: boolean,
): Promise<LocalAccount> {
  if (keystore !== undefined) return privateKeyToAccount(await unlock(keystore, passwordFile));
  if (config.GUARDIAN_KEY !== undefined) return privateKeyToAccount(config.GUARDIAN_KEY as Hex);
  if (isLaptop) return laptopAccounts().deployer;
  throw OpsError.no_key({
    key: "GUARDIAN_KEY",
    why: "somebody has to sign; --keystore names a file instead",
  });
}

/** The key in a keystore file. @throws ops.no_key, ops.unreadable, ops.bad_keystore, ops.open_to_others */
export async function unlock(file: string, passwordFile: string | undefined): Promise<Hex> {
  if (passwordFile === undefined)
    throw OpsError.no_key({ key: "--password-file", why: "a keystore is opened with its password" });
  if ((statMode(passwordFile) & OTHERS_READ) !== 0) throw OpsError.open_to_others({ file: passwordFile });
  const password = read(passwordFile).trimEnd();
  const text = read(file);
  try {
    const keystore = JSON.parse(text) as Keystore.Keystore;
    return Keystore.decrypt(keystore, await Keystore.toKeyAsync(keystore, { password }));
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw OpsError.bad_keystore({ file, why }, { cause: error });
  }
}

const statMode = (file: string): number => attempt(file, () => statSync(file).mode);
const read = (file: string): string => attempt(file, () => readFileSync(file, "utf8"));

function attempt<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw OpsError.unreadable(
      { file, why: (error as NodeJS.ErrnoException).code ?? String(error) },
      { cause: error },
    );
  }
}
