import { type HDAccount, mnemonicToAccount } from "viem/accounts";

/** Known to everybody, funded on local nodes only. */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";
export const DEV_ACCOUNTS = 20;

/** The account that local nodes fund at this index, 0 to 19. */
export const devAccount = (index: number): HDAccount =>
  mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index });
