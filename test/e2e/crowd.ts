import { testDollarAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { createTestClient, createWalletClient, encodeFunctionData, http, publicActions } from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { foundry } from "viem/chains";

type Call = { to: Hex; data: Hex };
type Typed = Parameters<PrivateKeyAccount["signTypedData"]>[0];
type Place = { url: string; rpcUrl: string; collateral: Hex };
const GAS_MONEY = 10n ** 18n;

/** Strangers join with the least stake and take `count` seats of a domain, through the API as wallets do. */
export async function fillDomain(place: Place, domain: number, count: number): Promise<void> {
  const node = createTestClient({ mode: "anvil", transport: http(place.rpcUrl) }).extend(publicActions);
  const { rules } = await ask<{ rules: { minStake: string } }>(place.url, "/v1/providers");
  await Promise.all(
    Array.from({ length: count }, async () => {
      const account = privateKeyToAccount(generatePrivateKey());
      const { address } = account;
      await node.setBalance({ address, value: GAS_MONEY });
      const wanted = { owner: address, signer: address, stake: rules.minStake, domains: [domain] };
      const shown = await ask<{ possession: Typed | null }>(place.url, "/v1/providers/prepare/join", wanted);
      const possession = shown.possession ? await account.signTypedData(shown.possession) : undefined;
      const join = { ...wanted, possession };
      const { calls } = await ask<{ calls: Call[] }>(place.url, "/v1/providers/prepare/join", join);
      const data = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [address] });
      const wallet = createWalletClient({ account, chain: foundry, transport: http(place.rpcUrl) });
      const faucet: Call = { to: place.collateral, data };
      // What is sent has more fields than these, as texts.
      for (const call of [faucet, ...calls]) {
        const request = { account, to: call.to, data: call.data };
        // All of them join at once: what one pays depends on who came before him.
        const gas = (3n * (await node.estimateGas(request))) / 2n;
        const hash = await wallet.sendTransaction({ ...request, gas });
        const { status } = await node.waitForTransactionReceipt({ hash, pollingInterval: 200 });
        if (status !== "success") throw new Error(`${hash} was reverted`);
      }
    }),
  );
}

async function ask<T>(url: string, where: string, body?: unknown): Promise<T> {
  const json = { method: "POST", headers: { "content-type": "application/json" } };
  const response = await fetch(
    new URL(where, url),
    body === undefined ? {} : { ...json, body: JSON.stringify(body) },
  );
  const said = (await response.json()) as T;
  if (!response.ok) throw new Error(`${where}: ${JSON.stringify(said)}`);
  return said;
}
