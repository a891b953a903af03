import { at } from "@sooth/kernel";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import { toHex } from "viem";

/** The test mnemonic that every development node knows. Worth nothing anywhere else. */
const MNEMONIC = "test test test test test test test test test test test junk";

export type LaptopAccounts = {
  deployer: HDAccount;
  relayer: HDAccount;
  /** Owner keys hold the stake, signing keys sign reports: four of each. */
  providers: { owner: HDAccount; signer: HDAccount }[];
  users: { name: string; account: HDAccount }[];
  /** Asks the questions that a new laptop starts with. */
  house: HDAccount;
};

const USER_NAMES = ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank"];
const PROVIDERS = 4;

export function laptopAccounts(): LaptopAccounts {
  const keys = Array.from({ length: 2 + 2 * PROVIDERS + USER_NAMES.length + 1 }, (_, index) =>
    mnemonicToAccount(MNEMONIC, { addressIndex: index }),
  );
  return {
    deployer: at(keys, 0),
    relayer: at(keys, 1),
    providers: Array.from({ length: PROVIDERS }, (_, index) => ({
      owner: at(keys, 2 + index),
      signer: at(keys, 2 + PROVIDERS + index),
    })),
    users: USER_NAMES.map((name, index) => ({ name, account: at(keys, 2 + 2 * PROVIDERS + index) })),
    house: at(keys, keys.length - 1),
  };
}

/** The private key, for the dev wallet of a local network's web app. */
export function privateKeyOf(account: HDAccount): `0x${string}` {
  const key = account.getHdKey().privateKey;
  return toHex(key ?? new Uint8Array(32));
}
