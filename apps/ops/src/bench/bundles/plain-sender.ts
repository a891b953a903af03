import type { Chain } from "@sooth/chain";
import { createPublicClient, createWalletClient, http, type LocalAccount } from "viem";

/** A sender as anybody writes it with viem, its own transport included, on a chain of the same run. */
export type Plain = {
  /** Seconds from being sent to being mined. */
  seconds: number[];
  perSecond: number;
  /** Microseconds of processor time a transaction. */
  cpu: number;
};

const WATCHED = 100;
const FAST = 1_000;
const IN_FLIGHT = 16;
const POLL_MS = 50;

export async function plainSender(
  { definition }: Chain,
  rpcUrl: string,
  account: LocalAccount,
): Promise<Plain> {
  const options = { chain: definition.viem, transport: http(rpcUrl, { batch: true }) };
  const client = createPublicClient(options);
  const wallet = createWalletClient({ ...options, account });
  let nonce = await client.getTransactionCount({ address: account.address });
  const send = () => wallet.sendTransaction({ to: account.address, value: 1n, gas: 30_000n, nonce: nonce++ });
  const mined = (hash: Awaited<ReturnType<typeof send>>) =>
    client.waitForTransactionReceipt({ hash, pollingInterval: POLL_MS });

  const seconds: number[] = [];
  await inParts(WATCHED, async () => {
    const began = performance.now();
    await mined(await send());
    seconds.push((performance.now() - began) / 1_000);
  });
  const [began, before] = [performance.now(), process.cpuUsage()];
  let last: Awaited<ReturnType<typeof send>> | undefined;
  await inParts(FAST, async () => (last = await send()));
  const { user, system } = process.cpuUsage(before);
  if (last) await mined(last);
  return {
    seconds,
    perSecond: FAST / ((performance.now() - began) / 1_000),
    cpu: (user + system) / FAST,
  };
}

async function inParts(count: number, one: () => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += IN_FLIGHT)
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count - from) }, one));
}
