import { oracleAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, type Chain, walletOf } from "@sooth/chain";
import type { Hex, LocalAccount } from "viem";

/** Staked for one question that nobody answers where the configuration says nothing: enough for what secures 200,000. */
export const LAPTOP_RESOLVE_DEPOSIT = 1_000_000_000n;
/** Questions whose deposits are out at once. */
const DEPOSITS = 5n;

/**
 * Gives the relayer the credit out of which it objects to silence, so that a laptop walks the whole way up to a jury. Of test
 * dollars alone, and only while he has less than one deposit.
 */
export async function fillResolvePurse(
  { hub, account }: { hub: Chain; account: LocalAccount },
  { oracle, collateral }: Pick<Addresses, "oracle" | "collateral">,
  relayer: Hex,
  deposit: bigint,
): Promise<void> {
  const bank = { address: oracle, abi: oracleAbi } as const;
  const token = { address: collateral, abi: testDollarAbi } as const;
  const credit = await hub.client.readContract({ ...bank, functionName: "creditOf", args: [relayer] });
  if (deposit === 0n || credit >= deposit) return;
  const amount = deposit * DEPOSITS;
  const wallet = walletOf(hub, account);
  const mined = async (hash: Hex) => {
    await hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  };
  const balance = () =>
    hub.client.readContract({ ...token, functionName: "balanceOf", args: [account.address] });
  const faucet = { ...token, functionName: "faucet", args: [account.address] } as const;
  // It gives once an hour. Where it gives nothing now, a later start finds it ready.
  const isReady = () =>
    hub.client.simulateContract({ ...faucet, account }).then(
      () => true,
      () => false,
    );
  if ((await balance()) < amount && (await isReady())) await mined(await wallet.writeContract(faucet));
  const held = await balance();
  const given = held < amount ? held : amount;
  if (given === 0n) return;
  await mined(await wallet.writeContract({ ...token, functionName: "approve", args: [oracle, given] }));
  await mined(await wallet.writeContract({ ...bank, functionName: "deposit", args: [relayer, given] }));
}
