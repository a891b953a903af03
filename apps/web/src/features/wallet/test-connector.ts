import {
  createClient,
  createWalletClient,
  custom,
  getAddress,
  http,
  type Address,
  type Chain,
  type Client,
} from "viem";
import { privateKeyToAccount, type LocalAccount } from "viem/accounts";
import { createConnector } from "wagmi";
import { browserStore } from "../../browser-store.ts";
import { STORED_TEST_WALLET } from "./stored.ts";
import { testBatches } from "./test-batches.ts";

export const TEST_CONNECTOR_ID = "sooth-test-wallet";
const PROVIDER = {};

type Key = { name: string; address: string; privateKey: string };

/**
 * Wallets of a local network, whose keys everybody knows: nothing to install, nothing to lose. They sign in the page,
 * so no window of an extension comes between a newcomer and the first stake. Several calls they send as one.
 */
export function testConnector(keys: readonly Key[], testAccount: Address | null) {
  const accounts = keys.map(({ privateKey }) => privateKeyToAccount(privateKey as Address));
  const accountOf = (address: string | null): LocalAccount | undefined =>
    accounts.find((account) => account.address.toLowerCase() === address?.toLowerCase());
  // Where the browser keeps nothing, the choice holds as long as the page.
  let chosen: string | null = null;
  const chosenHere = () => chosen ?? browserStore()?.getItem(STORED_TEST_WALLET) ?? null;
  const selected = () => accountOf(chosenHere()) ?? accounts[0];
  const addresses = (): readonly Address[] => {
    const account = selected();
    return account ? [getAddress(account.address)] : [];
  };
  return createConnector<object, { select(address: string): void }>((config) => {
    const [hub] = config.chains;
    // Of each account, since a wallet is asked later what became of what it sent.
    const batches = new Map(
      accounts.map((account) => [account.address, testBatches(account, config.chains, testAccount)]),
    );
    // As a wallet of an extension does, it stands on one chain at a time.
    let current: Chain = hub;
    const chainNamed = (chainId: number | undefined) =>
      config.chains.find(({ id }) => id === chainId) ?? current;
    return {
      id: TEST_CONNECTOR_ID,
      name: "Test wallet",
      type: "test",
      select(address: string) {
        chosen = address;
        browserStore()?.setItem(STORED_TEST_WALLET, address);
        config.emitter.emit("change", { accounts: addresses() });
      },
      async connect() {
        // The type asks for a shape per `withCapabilities`; a test wallet has none to tell.
        return { accounts: addresses() as never, chainId: current.id };
      },
      async disconnect() {
        chosen = null;
        browserStore()?.removeItem(STORED_TEST_WALLET);
      },
      getAccounts: async () => addresses(),
      getChainId: async () => current.id,
      async switchChain({ chainId }) {
        current = chainNamed(chainId);
        config.emitter.emit("change", { chainId: current.id });
        return current;
      },
      // Reconnecting asks for a provider and skips connectors that have none.
      getProvider: async () => PROVIDER,
      getClient: async ({ chainId } = {}) => {
        const chain = chainNamed(chainId);
        const account = selected();
        const node = createClient({ chain, transport: http(chain.rpcUrls.default.http[0]) });
        const request = async (asked: { method: string; params?: unknown }): Promise<unknown> =>
          (account && batches.get(account.address)?.(asked)) ?? node.request(asked as never);
        return createWalletClient({
          chain,
          transport: custom({ request }, { retryCount: 0 }),
          account,
        }) as Client;
      },
      isAuthorized: async () => accountOf(chosenHere()) !== undefined,
      onAccountsChanged() {},
      onChainChanged() {},
      onDisconnect: () => config.emitter.emit("disconnect"),
    };
  });
}
