import { bundleHubAbi, settlerAbi, testDollarAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { type Anvil, startAnvil } from "@sooth/chain/local-node";
import { at, need } from "@sooth/kernel";
import { configureLogs } from "@sooth/runtime";
import { buildWeb, loadConfig, startStack } from "@sooth/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const ROLLUPS = [31_338, 31_339] as const;

export type BundleStack = Awaited<ReturnType<typeof startBundleStack>>;

/** A laptop with attesters and bundlers, on two rollups that the test can cut off: their nodes are its own. */
export async function startBundleStack() {
  configureLogs({ level: "warn" });
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-e2e-bundles-"));
  const nodes: Anvil[] = [];
  const removeNodes = async () => {
    for (const node of nodes) {
      // A stopped process hears no request to end.
      process.kill(node.pid, "SIGCONT");
      await node.stop();
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    nodes.push(...(await Promise.all(ROLLUPS.map((chainId) => startAnvil({ chainId, blockSeconds: 1 })))));
    const stack = await startStack({
      config: loadConfig({
        SOOTH_DATA_DIR: folder,
        SOOTH_PORT: "0",
        ROLLUPS: nodes.map(({ rpcUrl }, index) => `${at(ROLLUPS, index)}=${rpcUrl}`).join(","),
      }),
      freePorts: true,
      durable: false,
      exchanges: false,
      webFolder: () => buildWeb(ROOT, () => {}),
    });
    const accounts = need(stack.accounts, "a laptop's accounts");
    const user = (name: string) =>
      need(
        accounts.users.find((each) => each.name === name),
        name,
      ).account;
    const collateral = { address: stack.addresses.collateral, abi: testDollarAbi } as const;
    const rollup = (which: 0 | 1) => at(stack.rollups, which);
    return {
      url: stack.url,
      collateral: stack.addresses.collateral,
      user,
      /** Test dollars on a rollup, as its faucet gives them. */
      fund: async (which: 0 | 1, name: string): Promise<void> => {
        const { client } = rollup(which);
        const hash = await walletOf(rollup(which), user(name)).writeContract({
          ...collateral,
          functionName: "faucet",
          args: [user(name).address],
        });
        await client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
      },
      balanceOn: (which: 0 | 1, name: string): Promise<bigint> =>
        rollup(which).client.readContract({
          ...collateral,
          functionName: "balanceOf",
          args: [user(name).address],
        }),
      /** Transactions of an account of its own on a rollup. */
      sentOn: (which: 0 | 1, name: string): Promise<number> =>
        rollup(which).client.getTransactionCount({ address: user(name).address }),
      /** Wei that it has at the hub. */
      credit: (name: string): Promise<bigint> =>
        stack.hub.client.readContract({
          address: stack.addresses.bundleHub,
          abi: bundleHubAbi,
          functionName: "creditOf",
          args: [user(name).address],
        }),
      /** What the account that `owner`'s legs are called from lets `spender` take. */
      allowedByLegs: async (which: 0 | 1, owner: string, spender: string): Promise<bigint> => {
        const { client } = rollup(which);
        const account = await client.readContract({
          address: stack.addresses.settler,
          abi: settlerAbi,
          functionName: "accountOf",
          args: [user(owner).address],
        });
        return client.readContract({
          ...collateral,
          functionName: "allowance",
          args: [account, user(spender).address],
        });
      },
      /** From then on its node answers nobody, and makes no block. */
      cutOff: (which: 0 | 1): void => void process.kill(at(nodes, which).pid, "SIGSTOP"),
      bringBack: (which: 0 | 1): void => void process.kill(at(nodes, which).pid, "SIGCONT"),
      remove: async (): Promise<void> => {
        for (const node of nodes) process.kill(node.pid, "SIGCONT");
        await stack.stop();
        await removeNodes();
      },
    };
  } catch (error) {
    await removeNodes();
    throw error;
  }
}
