import { type Chain, walletOf } from "@sooth/chain";
import type { LaptopAccounts } from "./accounts.ts";

const GAS_MONEY = 10n ** 20n;

/** Gas for those who bring bundles' legs, on every chain: their keys are none that nodes fund. */
export async function fundBundlers(
  chains: readonly Chain[],
  { deployer, bundlers }: Pick<LaptopAccounts, "deployer" | "bundlers">,
): Promise<void> {
  await Promise.all(
    chains.map(async (chain) => {
      const { client } = chain;
      for (const { address } of bundlers) {
        if ((await client.getBalance({ address })) >= GAS_MONEY / 10n) continue;
        const hash = await walletOf(chain, deployer).sendTransaction({ to: address, value: GAS_MONEY });
        await client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
      }
    }),
  );
}
