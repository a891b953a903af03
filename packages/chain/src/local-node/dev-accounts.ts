import { type HDAccount, mnemonicToAccount } from "viem/accounts";

/** Known to everybody, funded on local nodes only. */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";
export const DEV_ACCOUNTS = 20;

// Stretching the mnemonic takes 10 ms or more; tests and demos ask for the same accounts again and again.
const known = new Map<number, HDAccount>();

/** The account that local nodes fund at this index, 0 to 19. */
export function devAccount(index: number): HDAccount {
  const account = known.get(index) ?? mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index });
  known.set(index, account);
  return account;
}
