import { turnClock } from "@sooth/chain/local-node";
import type { Address, Hex } from "@sooth/kernel";
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  defineChain,
  http,
  type LocalAccount,
  type PublicClient,
  type TestClient,
  type Transport,
} from "viem";
import { OpsError } from "../ops-error.ts";

/** A call that somebody is to send from his own account, as the API returns it. */
export type Call = { to: string; data: string; value: string; purpose: string };

/** The demo's own way to the chain, past the server: what it reads here, no part of Sooth has touched. */
export type Hub = {
  client: PublicClient;
  now(): Promise<number>;
  /** Mines a block with this timestamp; nothing when the chain is there already. */
  warpTo(timestamp: number): Promise<void>;
  giveEther(to: Address, ether: bigint): Promise<void>;
  /** Sends the calls one after the other and waits for each. @throws ops.reverted */
  send(account: LocalAccount, calls: readonly Call[]): Promise<Hex[]>;
  /** Sends the calls without waiting in between, then waits for all. @throws ops.reverted */
  sendAll(account: LocalAccount, calls: readonly Call[]): Promise<void>;
};

/** A block comes every second or two; what mines it may have to wait for others on the machine. */
const RECEIPT_MS = 120_000;
const POLL_MS = 100;

export function openHub(rpcUrl: string, chainId: number): Hub {
  const chain = defineChain({
    id: chainId,
    name: "hub",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const transport = http(rpcUrl, { retryCount: 3, timeout: 20_000 });
  const client: PublicClient = createPublicClient({
    chain,
    transport,
    pollingInterval: POLL_MS,
    cacheTime: 0,
  });
  const test: TestClient<"anvil", Transport, typeof chain> = createTestClient({
    mode: "anvil",
    chain,
    transport,
  });
  const now = async () => Number((await client.getBlock()).timestamp);

  const sendOne = async (account: LocalAccount, call: Call, nonce?: number): Promise<Hex> => {
    const request = { to: call.to as Address, data: call.data as Hex, value: BigInt(call.value), nonce };
    // An estimate counts on what waits in the pool; who is mined before it writes a slot first, which costs more.
    const gas = (3n * (await client.estimateGas({ account, ...request }))) / 2n;
    return createWalletClient({ account, chain, transport }).sendTransaction({ ...request, gas });
  };
  const mined = async (hash: Hex, purpose: string): Promise<Hex> => {
    const receipt = await client.waitForTransactionReceipt({
      hash,
      timeout: RECEIPT_MS,
      pollingInterval: POLL_MS,
    });
    if (receipt.status !== "success") throw OpsError.reverted({ purpose, transaction: hash });
    return hash;
  };

  return {
    client,
    now,
    warpTo: async (timestamp) => {
      if ((await now()) >= timestamp) return;
      await turnClock(test, timestamp);
    },
    giveEther: (to, ether) => test.setBalance({ address: to, value: ether * 10n ** 18n }),
    send: async (account, calls) => {
      const sent: Hex[] = [];
      for (const call of calls) sent.push(await mined(await sendOne(account, call), call.purpose));
      return sent;
    },
    sendAll: async (account, calls) => {
      let nonce = await client.getTransactionCount({ address: account.address });
      const sent: { hash: Hex; purpose: string }[] = [];
      for (const call of calls)
        sent.push({ hash: await sendOne(account, call, nonce++), purpose: call.purpose });
      await Promise.all(sent.map(({ hash, purpose }) => mined(hash, purpose)));
    },
  };
}
