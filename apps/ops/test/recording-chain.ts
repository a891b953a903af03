import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, chainById, deploy, localParams, openChain } from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { packEntries, reportTypedData, type Terms, termsToChain } from "@sooth/oracle/core";
import {
  type Abi,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  http,
  type LocalAccount,
  publicActions,
} from "viem";

export const HUB = 31_337;
export const DOLLAR = 1_000_000n;
export const rich = devAccount(0);
/** Who holds the four providers' stakes. */
export const owners = [1, 2, 3, 4].map(devAccount);
/** Signing keys of the four providers, in the order of their seats. */
export const keys = [11, 12, 13, 14].map(devAccount);

/** A chain with the contracts, on which a test acts transaction by transaction. */
export type RecordingChain = {
  rpcUrl: string;
  addresses: Addresses;
  now(): Promise<number>;
  /** The next block has this time, and is there. */
  warp(timestamp: number): Promise<void>;
  /** Sends and waits; throws when it reverts. */
  send(account: LocalAccount, to: Hex, abi: Abi, functionName: string, args: unknown[]): Promise<void>;
  read(to: Hex, abi: Abi, functionName: string, args: unknown[]): Promise<unknown>;
  /** Play money, which these contracts may take. */
  fund(accounts: readonly LocalAccount[], spenders: readonly Hex[]): Promise<void>;
  /** The four providers join with these stakes. */
  join(stakes: readonly bigint[]): Promise<void>;
  /** Those who joined may sign from now on. */
  advance(): Promise<void>;
  /** The first providers sign a value each, for the first round. */
  report(question: { id: Hex; terms: Terms }, values: readonly bigint[]): Promise<void>;
  stop(): Promise<void>;
};

export async function openRecordingChain(): Promise<RecordingChain> {
  const anvil = await startAnvil({ chainId: HUB });
  const definition = chainById(HUB);
  const chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const { addresses } = await deploy({ chain, account: rich, params: localParams, role: "hub" });
  await chain.close();
  const transport = http(anvil.rpcUrl);
  const node = createTestClient({ mode: "anvil", chain: definition.viem, transport }).extend(publicActions);
  const send: RecordingChain["send"] = async (account, to, abi, functionName, args) => {
    const wallet = createWalletClient({ account, chain: definition.viem, transport });
    const hash = await wallet.sendTransaction({ to, data: encodeFunctionData({ abi, functionName, args }) });
    const { status } = await node.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  };
  const { collateral, oracle, stakeManager } = addresses;
  const fund: RecordingChain["fund"] = async (accounts, spenders) => {
    for (const account of accounts) {
      await send(account, collateral, testDollarAbi, "faucet", [account.address]);
      for (const spender of spenders)
        await send(account, collateral, testDollarAbi, "approve", [spender, 10_000n * DOLLAR]);
    }
  };
  return {
    rpcUrl: anvil.rpcUrl,
    addresses,
    send,
    fund,
    now: async () => Number((await node.getBlock()).timestamp),
    async warp(timestamp) {
      await node.setNextBlockTimestamp({ timestamp: BigInt(timestamp) });
      await node.mine({ blocks: 1 });
    },
    async join(stakes) {
      await fund(owners, [stakeManager]);
      for (const [index, owner] of owners.entries()) {
        const key = at(keys, index);
        const possession = await key.signTypedData({
          domain: { name: "Sooth Stakes", version: "1", chainId: HUB, verifyingContract: stakeManager },
          types: { Possession: [{ name: "owner", type: "address" }] },
          primaryType: "Possession",
          message: { owner: owner.address },
        });
        await send(owner, stakeManager, stakeManagerAbi, "join", [
          key.address,
          at(stakes, index),
          1,
          possession,
        ]);
      }
    },
    advance: () => send(rich, stakeManager, stakeManagerAbi, "advanceEpoch", [0]),
    read: (address, abi, functionName, args) => node.readContract({ address, abi, functionName, args }),
    async report({ id, terms }, values) {
      const domain = { chainId: HUB, oracle };
      const entries = await Promise.all(
        values.map(async (value, seat) => ({
          seat,
          value,
          signature: await at(keys, seat).signTypedData(
            reportTypedData(domain, { question: id, value, epoch: 1, round: 0 }),
          ),
        })),
      );
      await send(rich, oracle, oracleAbi, "reportValues", [termsToChain(terms), 1, packEntries(entries)]);
    },
    stop: () => anvil.stop(),
  };
}
