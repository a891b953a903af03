/** What the examples of bundles do on the chains themselves: read, write, and draw test dollars. */
import type { GetNetworkOutput } from "@sooth/client";
import {
  type Abi,
  type Account,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  parseAbi,
  type ReadContractParameters,
  type WriteContractParameters,
} from "viem";

export const DOLLARS = parseAbi([
  "function faucet(address to)",
  "function approve(address spender, uint256 amount) returns (bool)",
  "function transfer(address to, uint256 amount) returns (bool)",
  "function balanceOf(address) view returns (uint256)",
]);

type Asked = { address: Hex; abi: Abi; functionName: string; args: readonly unknown[] };

function chain(network: GetNetworkOutput, chainId: number, url: string) {
  const transport = http(url);
  const reader = createPublicClient({ transport, pollingInterval: 200 });
  const read = <T>(asked: Asked): Promise<T> =>
    reader.readContract(asked as ReadContractParameters) as Promise<T>;
  const write = async (account: Account, asked: Asked): Promise<void> => {
    const wallet = createWalletClient({ account, transport });
    const hash = await wallet.writeContract({ ...asked, chain: null, account } as WriteContractParameters);
    const { status } = await reader.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${asked.functionName} on chain ${chainId} reverted: ${hash}`);
  };
  const token = network.addresses.collateral as Hex;
  const balanceOf = (of: Hex, who: Hex): Promise<bigint> =>
    read({ address: of, abi: DOLLARS, functionName: "balanceOf", args: [who] });
  return {
    chainId,
    read,
    write,
    balanceOf,
    /** Test dollars for `to`, from nowhere; only once an hour, so whoever has some is left alone. */
    draw: async (account: Account, to: Hex = account.address): Promise<void> => {
      if ((await balanceOf(token, to)) > 0n) return;
      await write(account, { address: token, abi: DOLLARS, functionName: "faucet", args: [to] });
    },
  };
}

/** The first two rollups of the network, and a node of every chain. */
export function chainsOf(network: GetNetworkOutput) {
  const all = [network.hub, ...network.rollups];
  const rpcUrls = new Map(all.map(({ chainId, rpcUrl }) => [chainId, rpcUrl ?? ""]));
  const [here, there] = network.rollups;
  if (!here || !there) throw new Error("the network has fewer than two rollups");
  return {
    rpcUrls,
    here: chain(network, here.chainId, here.rpcUrl ?? ""),
    there: chain(network, there.chainId, there.rpcUrl ?? ""),
  };
}
