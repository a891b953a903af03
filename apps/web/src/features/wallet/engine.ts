import { drandBeaconAbi, stakeManagerAbi, testDollarAbi, wiringAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { decodeSignerSet } from "@sooth/oracle/core";
import {
  createPublicClient,
  defineChain,
  encodeFunctionData,
  erc20Abi,
  http,
  type Hex,
  type TypedDataDefinition,
} from "viem";
import {
  createConfig,
  createStorage,
  injected,
  noopStorage,
  type Connector,
  type CreateConnectorFn,
} from "wagmi";
import {
  connect,
  disconnect,
  getConnection,
  reconnect,
  sendTransaction,
  signMessage,
  signTypedData,
  switchChain,
  watchConnection,
  watchConnectors,
} from "wagmi/actions";
import type { Call, Network, TypedData } from "../../api.ts";
import { browserStore } from "../../browser-store.ts";
import { readableError } from "./contract-error.ts";
import { readBeacon } from "./read-beacon.ts";
import { readRound } from "./read-round.ts";
import { TEST_CONNECTOR_ID, testConnector } from "./test-connector.ts";
import type { Account, SendState, WalletChoice } from "./wallet-context.tsx";
import { WalletError } from "./wallet-error.ts";

export type WalletState = {
  account: Account | undefined;
  choices: readonly WalletChoice[];
};
export type WalletEngine = ReturnType<typeof createEngine>;

/** wagmi and viem, wired for one network, for as long as the page lives. `onState` is called whenever what the pages show has changed. */
export function createEngine(network: Network, onState: (state: WalletState) => void) {
  const rpcUrl = network.hub.rpcUrl === "" ? undefined : network.hub.rpcUrl;
  const chain = defineChain({
    id: network.hub.chainId,
    name: network.hub.name,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: rpcUrl === undefined ? [] : [rpcUrl] } },
    ...(network.hub.explorer && {
      blockExplorers: { default: { name: "Explorer", url: network.hub.explorer } },
    }),
  });
  const testWallets = network.hub.local ? (network.devAccounts ?? []) : [];
  const connectors: CreateConnectorFn[] = [injected()];
  if (testWallets.length > 0) connectors.push(testConnector(testWallets));
  // Own reads go in batches: a page asks for several balances in the same moment.
  const config = createConfig({
    chains: [chain],
    connectors,
    // Its own default fails where a browser lets a page keep nothing.
    storage: createStorage({ storage: browserStore() ?? noopStorage }),
    transports: { [chain.id]: http(rpcUrl, { batch: true }) },
  });
  const publicClient = createPublicClient({
    chain,
    transport: http(rpcUrl, { batch: true }),
    pollingInterval: 400,
  });

  // Whatever a wallet throws leaves here as a sentence.
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw readableError(error, network.collateral);
    }
  };
  const nameOf = (address: string) =>
    testWallets.find((wallet) => sameAddress(wallet.address, address))?.name;
  const read = (): WalletState => {
    const { address, connector } = getConnection(config);
    const test = connector?.id === TEST_CONNECTOR_ID;
    return {
      account:
        address === undefined ? undefined : { address, test, name: test ? nameOf(address) : connector?.name },
      choices: config.connectors
        .filter((connector) => isExtension(connector, config.connectors))
        .map(({ id, name, icon }) => ({ id, name: id === "injected" ? "Browser wallet" : name, icon })),
    };
  };
  const changed = () => onState(read());
  watchConnection(config, { onChange: changed });
  watchConnectors(config, { onChange: changed });
  const connectorOf = (id: string): Connector => {
    const connector = config.connectors.find((candidate) => candidate.id === id);
    if (!connector) throw WalletError.not_ready({});
    return connector;
  };
  const account = (): Hex => {
    const { address } = getConnection(config);
    if (address === undefined) throw WalletError.not_connected({});
    return address;
  };
  const onHub = async () => {
    if (getConnection(config).chainId !== chain.id) await switchChain(config, { chainId: chain.id });
  };

  async function send(call: Call, onSend?: (state: SendState) => void): Promise<string> {
    return run(async () => {
      const from = account();
      const request = { to: call.to as Hex, data: call.data as Hex, value: BigInt(call.value) };
      onSend?.("checking");
      await publicClient.call({ account: from, ...request });
      // Others may change until its block what it costs: what is not used is not paid.
      const gas = (3n * (await publicClient.estimateGas({ account: from, ...request }))) / 2n;
      onSend?.("signing");
      await onHub();
      const hash = await sendTransaction(config, { ...request, gas, chainId: chain.id });
      onSend?.("mining");
      const receipt = await publicClient.waitForTransactionReceipt({ hash });
      // Calling it again at that block gets the reason, which a receipt does not hold.
      if (receipt.status === "reverted") {
        await publicClient.call({ account: from, ...request, blockNumber: receipt.blockNumber });
        throw WalletError.reverted({ reason: "The contract refused the transaction." });
      }
      onSend?.("done");
      return hash;
    });
  }

  return {
    read,
    start: () => run(() => reconnect(config)),
    connect: (choiceId: string) =>
      run(async () => {
        await connect(config, { connector: connectorOf(choiceId) });
      }),
    async takeTestWallet(address: string) {
      const connector = connectorOf(TEST_CONNECTOR_ID) as Connector & { select(address: string): void };
      connector.select(address);
      const current = getConnection(config);
      if (current.connector?.id === TEST_CONNECTOR_ID) return;
      if (current.connector) await disconnect(config);
      connector.select(address);
      await run(() => connect(config, { connector }));
    },
    disconnect: () => run(() => disconnect(config)),
    sign: (data: TypedData) =>
      run(async () => {
        await onHub();
        const { domain, types, primaryType, message } = data;
        // The server is trusted with the shape only: the wallet shows what is in it.
        return signTypedData(config, {
          domain,
          types,
          primaryType,
          message,
        } as unknown as TypedDataDefinition);
      }),
    /** A text, as the wallet shows it. Not by chain: what it says is where it counts. */
    signText: (text: string) => run(() => signMessage(config, { account: account(), message: text })),
    send,
    balanceOf: (address: string) =>
      publicClient.readContract({
        address: network.collateral.address as Hex,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [address as Hex],
      }),
    readCourt: () =>
      run(() =>
        publicClient.readContract({
          address: network.addresses.wiring as Hex,
          abi: wiringAbi,
          functionName: "court",
        }),
      ),
    readDraw: (jurorEpoch: number, beaconRound: bigint) =>
      run(async () => {
        const [[blob], seed] = await Promise.all([
          publicClient.readContract({
            address: network.addresses.stakeManager as Hex,
            abi: stakeManagerAbi,
            functionName: "jurorSetOf",
            args: [jurorEpoch],
          }),
          publicClient.readContract({
            address: network.addresses.beacon as Hex,
            abi: drandBeaconAbi,
            functionName: "seedOf",
            args: [beaconRound],
          }),
        ]);
        // A snapshot is written as a signer set is.
        const { seats } = decodeSignerSet(jurorEpoch, await publicClient.getCode({ address: blob }));
        return { snapshot: seats, seed };
      }),
    readRound: (round: bigint) => run(() => readRound(publicClient, network.addresses.beacon as Hex, round)),
    readBeacon: () => {
      const { beacon, opinions } = network.addresses as Record<"beacon" | "opinions", Hex>;
      return run(() => readBeacon(publicClient, { beacon, opinions }));
    },
    fund: async () => {
      const data = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [account()] });
      const to = network.collateral.address;
      await send({ chainId: chain.id, to, data, value: "0", purpose: "Take test dollars from the faucet" });
    },
  };
}

// The plain injected connector is only worth showing when a wallet is there that does not announce itself.
function isExtension(connector: Connector, all: readonly Connector[]): boolean {
  if (connector.id === TEST_CONNECTOR_ID) return false;
  if (connector.id !== "injected") return true;
  return "ethereum" in window && !all.some(({ id, type }) => type === "injected" && id !== "injected");
}
