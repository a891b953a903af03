import { keyAccount } from "@sooth/chain";
import { DEV_MNEMONIC, devAccount } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { secretKeyFrom } from "@sooth/randomness/core";
import { toHex, type LocalAccount } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";

export type LaptopAccounts = {
  deployer: LocalAccount;
  relayer: LocalAccount;
  /** Signs answers and receipts; holds nothing. */
  gateway: LocalAccount;
  /** Owner keys hold the stake, signing keys sign reports: four of each. */
  providers: { owner: LocalAccount; signer: LocalAccount }[];
  /** Bring legs of bundles, on every chain. */
  bundlers: LocalAccount[];
  /** Sit on juries and report nothing; each stakes and signs with one key. */
  jurors: LocalAccount[];
  users: { name: string; account: HDAccount }[];
  /** Asks the questions that a new laptop starts with. */
  house: LocalAccount;
  /** Secret key of the local beacon; its public key stands in the parameters of local deployments. */
  beaconKey: bigint;
};

/** Keys that the environment names; each takes the place of a test key. */
export type OwnKeys = {
  deployer?: Hex;
  relayer?: Hex;
  gateway?: Hex;
  provider?: Hex;
  bundlers?: readonly Hex[];
};

const USER_NAMES = ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank"];
const PROVIDERS = 4;
/** Far from the accounts that nodes fund, so that those may grow in number. */
const BEACON_INDEX = 1_000;
const JURORS = 12;
const JUROR_INDEX = 2_000;
/** Far from the others, which are counted. */
const GATEWAY_INDEX = 100;
const BUNDLER_INDEX = 300;
const BUNDLERS = 2;

export function laptopAccounts(own: OwnKeys = {}): LaptopAccounts {
  const keys = Array.from({ length: 2 + 2 * PROVIDERS + USER_NAMES.length + 1 }, (_, index) =>
    mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }),
  );
  return {
    deployer: accountOf(own.deployer) ?? at(keys, 0),
    relayer: accountOf(own.relayer) ?? at(keys, 1),
    gateway: accountOf(own.gateway) ?? mnemonicToAccount(DEV_MNEMONIC, { addressIndex: GATEWAY_INDEX }),
    providers: Array.from({ length: PROVIDERS }, (_, index) => ({
      owner: at(keys, 2 + index),
      signer:
        (index === 0 ? accountOf(own.provider) : undefined) ??
        keyAccount(privateKeyOf(at(keys, 2 + PROVIDERS + index))),
    })),
    bundlers: bundlersOf(own.bundlers ?? []),
    jurors: Array.from({ length: JURORS }, (_, index) =>
      mnemonicToAccount(DEV_MNEMONIC, { addressIndex: JUROR_INDEX + index }),
    ),
    users: USER_NAMES.map((name, index) => ({ name, account: userAccount(index) })),
    house: at(keys, keys.length - 1),
    beaconKey: secretKeyFrom(privateKeyOf(mnemonicToAccount(DEV_MNEMONIC, { addressIndex: BEACON_INDEX }))),
  };
}

const bundlersOf = (own: readonly Hex[]): LocalAccount[] =>
  own.length > 0
    ? own.map((key) => keyAccount(key))
    : Array.from({ length: BUNDLERS }, (_, index) =>
        keyAccount(privateKeyOf(mnemonicToAccount(DEV_MNEMONIC, { addressIndex: BUNDLER_INDEX + index }))),
      );

/** The test wallet of a newcomer; 0 is Alice's. */
export const userAccount = (index: number): HDAccount => devAccount(2 + 2 * PROVIDERS + index);

const accountOf = (key: Hex | undefined): LocalAccount | undefined =>
  key === undefined ? undefined : keyAccount(key);

/** The private key, for a test wallet of a local network's web app. */
export function privateKeyOf(account: HDAccount): `0x${string}` {
  const key = account.getHdKey().privateKey;
  return toHex(key ?? new Uint8Array(32));
}
