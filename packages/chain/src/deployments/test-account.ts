import { testAccountBytecode } from "@sooth/abi";
import type { Address } from "@sooth/kernel";
import { concatHex, getCreate2Address, type LocalAccount } from "viem";
import { ChainError } from "../chain-error.ts";
import type { Chain } from "../rpc/chain.ts";
import { walletOf } from "../wallet.ts";
import { DEPLOYMENT_PROXY, DEPLOYMENT_SALT } from "./addresses.ts";

/** Where the code stands that test wallets of local networks delegate to, on each of their chains. */
export const testAccountAddress = getCreate2Address({
  from: DEPLOYMENT_PROXY,
  salt: DEPLOYMENT_SALT,
  bytecode: testAccountBytecode,
}).toLowerCase() as Address;

/** Brings that code to a local chain, unless it is there. True when it was brought now. @throws chain.deploy_failed */
export async function deployTestAccount(chain: Chain, account: LocalAccount): Promise<boolean> {
  const { client, definition } = chain;
  if (await client.getCode({ address: testAccountAddress })) return false;
  const hash = await walletOf(chain, account).sendTransaction({
    to: DEPLOYMENT_PROXY,
    data: concatHex([DEPLOYMENT_SALT, testAccountBytecode]),
  });
  await client.waitForTransactionReceipt({ hash, pollingInterval: definition.pollMs });
  if (!(await client.getCode({ address: testAccountAddress })))
    throw ChainError.deploy_failed({ contract: "TestAccount", reason: `transaction ${hash} left no code` });
  return true;
}
