import type { Page } from "playwright-core";
import { createWalletClient, defineChain, http, publicActions, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { localhost as local } from "viem/chains";
import { testBatches } from "../../apps/web/src/features/wallet/test-batches.ts";

type Call = { method: string; params?: readonly unknown[] };
export type Extension = {
  /** The next request for a signature or a transaction is declined. */ declineNext(): void;
  /** The next one is looked at until what this returns is called. */ holdNext(): () => void;
  asked: string[];
};

/**
 * A wallet as browsers carry them: it announces itself by EIP-6963, starts on another chain, keeps its key outside of
 * the page, and signs what it is asked to. Its user can decline. With code to delegate to, it sends several calls as one.
 */
export async function installExtension(
  page: Page,
  key: Hex,
  rpcUrl: string,
  hub: number,
  testAccount: Hex | null = null,
): Promise<Extension> {
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, transport: http(rpcUrl) }).extend(publicActions);
  const chain = defineChain({ ...local, id: hub, rpcUrls: { default: { http: [rpcUrl] } } });
  const batches = testBatches(account, [chain], testAccount);
  const asked: string[] = [];
  let chainId = 1;
  let decline = false;
  let connected = false;
  let held: Promise<void> | undefined;
  const sign = async <T>(
    work: () => Promise<T>,
  ): Promise<T | { error: { code: number; message: string } }> => {
    const until = held;
    held = undefined;
    await until;
    if (!decline) return work();
    decline = false;
    return { error: { code: 4001, message: "User rejected the request." } };
  };
  const answer = async ({ method, params = [] }: Call): Promise<unknown> => {
    asked.push(method);
    switch (method) {
      case "eth_requestAccounts":
        connected = true;
        return [account.address];
      case "eth_accounts":
        return connected ? [account.address] : [];
      case "eth_chainId":
        return `0x${chainId.toString(16)}`;
      case "wallet_switchEthereumChain":
        chainId = hub;
        return null;
      case "eth_signTypedData_v4":
        return sign(() => account.signTypedData(JSON.parse(String(params[1]))));
      case "eth_sendTransaction": {
        const { to, data } = params[0] as { to: Hex; data: Hex };
        return sign(async () => {
          // As wallets do: until its block others change what a call costs.
          const gas = (3n * (await wallet.estimateGas({ account, to, data }))) / 2n;
          return wallet.sendTransaction({ to, data, gas, chain: null });
        });
      }
      case "wallet_sendCalls":
        return sign(async () => batches({ method, params }));
      default:
        return testAccount === null
          ? wallet.request({ method, params } as never)
          : (batches({ method, params }) ?? wallet.request({ method, params } as never));
    }
  };
  await page.exposeFunction("askTestExtension", answer);
  await page.addInitScript(announce);
  const holdNext = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  return { declineNext: () => (decline = true), holdNext, asked };
}

// Runs in the page, before its own scripts: what it needs stands inside of it.
// oxlint-disable unicorn/consistent-function-scoping
function announce(): void {
  const ask = (call: Call): Promise<unknown> =>
    (window as unknown as { askTestExtension: (call: Call) => Promise<unknown> }).askTestExtension(call);
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request(call: Call) {
      const answer = await ask(call);
      const refused = (answer as { error?: { code: number; message: string } } | null)?.error;
      if (refused) throw Object.assign(new Error(refused.message), { code: refused.code });
      if (call.method === "wallet_switchEthereumChain") {
        const [{ chainId } = { chainId: "0x1" }] = (call.params ?? []) as { chainId: string }[];
        for (const listener of listeners.get("chainChanged") ?? []) listener(chainId);
      }
      return answer;
    },
    on(name: string, listener: (value: unknown) => void) {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
    },
    removeListener(name: string, listener: (value: unknown) => void) {
      listeners.get(name)?.delete(listener);
    },
  };
  const info = {
    uuid: "7f9f2d1e-0000-4000-8000-000000000000",
    name: "Test Extension",
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8' fill='teal'/></svg>",
    rdns: "example.test-extension",
  };
  const tell = () =>
    window.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }),
    );
  window.addEventListener("eip6963:requestProvider", tell);
  tell();
}
