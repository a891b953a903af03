import { t } from "@lingui/core/macro";
import { bundleHubAbi, drandBeaconAbi, stakeManagerAbi, testDollarAbi, wiringAbi } from "@sooth/abi";
import { sameAddress } from "@sooth/kernel";
import { decodeSignerSet } from "@sooth/oracle/core";
import {
  type Chain,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  type PublicClient,
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
  getConnectorClient,
  getPublicClient,
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
import {
  type Abilities,
  abilitiesOf,
  type Connected,
  type Handed,
  isDeclined,
  sendBatch,
} from "./batches.ts";
import { readableError } from "./contract-error.ts";
import { readPermit } from "./read-permit.ts";
import { readBeacon } from "./read-beacon.ts";
import { readRound } from "./read-round.ts";
import { TEST_CONNECTOR_ID, testConnector } from "./test-connector.ts";
import type { Account, SendState, WalletChoice } from "./wallet-context.tsx";
import { chainNamed, readingThrough, transportOf, walletChains } from "./wallet-chains.ts";
import { WalletError } from "./wallet-error.ts";

export type WalletState = {
  account: Account | undefined;
  choices: readonly WalletChoice[];
};
export type WalletEngine = ReturnType<typeof createEngine>;

/** wagmi and viem, wired for one network, for as long as the page lives. `onState` is called whenever what the pages show has changed. */
export function createEngine(network: Network, onState: (state: WalletState) => void) {
  const chains = walletChains(network);
  const { chain, client: hubClient } = chains[0];
  const testWallets = network.hub.local ? (network.devAccounts ?? []) : [];
  const connectors: CreateConnectorFn[] = [injected()];
  if (testWallets.length > 0) connectors.push(testConnector(testWallets, network.testAccount as Hex | null));
  const config = createConfig({
    chains: chains.map((one) => one.chain) as [Chain, ...Chain[]],
    connectors,
    // Its own default fails where a browser lets a page keep nothing.
    storage: createStorage({ storage: browserStore() ?? noopStorage }),
    transports: Object.fromEntries(chains.map((one) => [one.chain.id, transportOf(one)])),
  });
  const publicClient = hubClient ?? (getPublicClient(config, { chainId: chain.id }) as PublicClient);

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
  /** Of the account that is connected, on each chain that was asked for. */
  let abilities: { of: string; on: Map<number, Abilities> } = { of: "", on: new Map() };
  const abilitiesOn = (chainId: number) => abilities.on.get(chainId);
  const lookAtAbilities = async () => {
    const { address, connector } = getConnection(config);
    const of = address === undefined ? "" : `${connector?.uid} ${address}`;
    if (abilities.of === of) return;
    const on = new Map<number, Abilities>();
    abilities = { of, on };
    if (of === "") return;
    await Promise.all(
      chains.map(async ({ chain: { id } }) => {
        const wallet = await getConnectorClient(config, { chainId: id, assertChainId: false }).catch(
          () => undefined,
        );
        // On a chain that it does not say anything of it is asked for one transaction after the other.
        if (wallet) on.set(id, await abilitiesOf(wallet as Connected, paymasterOn(id)));
      }),
    );
    // Meanwhile another account may have been connected.
    if (abilities.on === on) onState(read());
  };
  const paymasterOn = (chainId: number) =>
    network.paymasters.find((paymaster) => paymaster.chainId === chainId)?.url;
  const chainsWhere = (can: (abilities: Abilities) => boolean) =>
    [...abilities.on].flatMap(([chainId, told]) => (can(told) ? [chainId] : []));
  const read = (): WalletState => {
    const { address, connector } = getConnection(config);
    const test = connector?.id === TEST_CONNECTOR_ID;
    return {
      account:
        address === undefined
          ? undefined
          : {
              address,
              test,
              name: test ? nameOf(address) : connector?.name,
              atomicOn: chainsWhere(({ atomic }) => atomic),
              sponsoredOn: chainsWhere(({ sponsored }) => sponsored),
            },
      choices: config.connectors
        .filter((connector) => isExtension(connector, config.connectors))
        .map(({ id, name, icon }) => ({ id, name: id === "injected" ? "Browser wallet" : name, icon })),
    };
  };
  const changed = () => {
    onState(read());
    void lookAtAbilities();
  };
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
  const onChain = async (chainId: number) => {
    if (getConnection(config).chainId !== chainId) await switchChain(config, { chainId });
  };
  /** What reads of a chain go to: its own node, else that of the wallet, which has to stand there. */
  const readerOf = async (chainId: number) => {
    const { client } = chainNamed(chains, chainId);
    if (client) return client;
    await onChain(chainId);
    return readingThrough(await getConnectorClient(config, { chainId }));
  };

  async function send(call: Call, onSend?: (state: SendState) => void): Promise<string> {
    return run(async () => {
      const from = account();
      const request = { to: call.to as Hex, data: call.data as Hex, value: BigInt(call.value) };
      const { chainId } = call;
      onSend?.("checking");
      const reader = await readerOf(chainId);
      await reader.call({ account: from, ...request });
      // Others may change until its block what it costs: what is not used is not paid.
      const gas = (3n * (await reader.estimateGas({ account: from, ...request }))) / 2n;
      onSend?.("signing");
      await onChain(chainId);
      const hash = await sendTransaction(config, { ...request, gas, chainId });
      onSend?.("mining");
      const receipt = await reader.waitForTransactionReceipt({ hash });
      // Calling it again at that block gets the reason, which a receipt does not hold.
      if (receipt.status === "reverted") {
        await reader.call({ account: from, ...request, blockNumber: receipt.blockNumber });
        throw WalletError.reverted({ reason: t`The contract refused the transaction.` });
      }
      onSend?.("done");
      return hash;
    });
  }

  async function sendAll(
    calls: readonly Call[],
    onSend: (state: SendState) => void = () => {},
    handed: Handed = { sent: 0 },
  ): Promise<void> {
    const together = handed.batch !== undefined || (handed.sent === 0 && goesTogether(calls));
    if (together && (await run(() => sendTogether(calls, onSend, handed)))) return;
    for (const call of calls.slice(handed.sent)) {
      await send(call, onSend);
      handed.sent += 1;
    }
  }

  const goesTogether = (calls: readonly Call[]): boolean => {
    const [first] = calls;
    if (!first || calls.some(({ chainId }) => chainId !== first.chainId)) return false;
    const can = abilitiesOn(first.chainId);
    // One call alone is worth it where somebody pays for it.
    return (calls.length === 1 ? can?.sponsored : can?.atomic) ?? false;
  };

  /** False where the wallet turns out not to be able to: then it is not asked again. */
  async function sendTogether(
    calls: readonly Call[],
    onSend: (state: SendState) => void,
    handed: Handed,
  ): Promise<boolean> {
    const chainId = calls[0]?.chainId ?? chain.id;
    const reader = await readerOf(chainId);
    await onChain(chainId);
    const wallet = (await getConnectorClient(config, { chainId })) as Connected;
    const paymaster = abilitiesOn(chainId)?.sponsored ? paymasterOn(chainId) : undefined;
    let asked = false;
    const follow = (state: SendState) => {
      asked ||= state === "signing";
      onSend(state);
    };
    const forget = () => {
      abilities.on.delete(chainId);
      onState(read());
    };
    try {
      const hash = await sendBatch(wallet, reader, { calls, paymaster }, handed, follow);
      if (hash === undefined) forget();
      return hash !== undefined;
    } catch (error) {
      // A wallet that failed at it, and took nothing, is asked for one after the other when it is tried again.
      if (asked && handed.batch === undefined && !isDeclined(error)) forget();
      throw error;
    }
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
        // Wallets refuse what names another chain than the one they stand on.
        await onChain(Number(data.domain["chainId"] ?? chain.id));
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
    sendAll,
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
    tokenOn: (chainId: number, token: string) =>
      run(async () => {
        const reader = await readerOf(chainId);
        const contract = { address: token as Hex, abi: erc20Abi } as const;
        const [symbol, decimals] = await Promise.all([
          reader.readContract({ ...contract, functionName: "symbol" }),
          reader.readContract({ ...contract, functionName: "decimals" }),
        ]);
        const { address } = getConnection(config);
        const balance =
          address === undefined
            ? undefined
            : await reader.readContract({ ...contract, functionName: "balanceOf", args: [address] });
        return { symbol, decimals, balance };
      }),
    allowanceOn: (chainId: number, token: string, spender: string) =>
      run(async () => {
        const owner = account();
        const reader = await readerOf(chainId);
        return reader.readContract({
          address: token as Hex,
          abi: erc20Abi,
          functionName: "allowance",
          args: [owner, spender as Hex],
        });
      }),
    permitOn: (chainId: number, token: string) =>
      run(async () =>
        readPermit(await readerOf(chainId), { chainId, token: token as Hex, owner: account() }),
      ),
    bundleCredit: () =>
      run(() =>
        publicClient.readContract({
          address: network.addresses.bundleHub as Hex,
          abi: bundleHubAbi,
          functionName: "creditOf",
          args: [account()],
        }),
      ),
    fund: async (chainId = chain.id) => {
      const data = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [account()] });
      const to = network.collateral.address;
      await send({ chainId, to, data, value: "0", purpose: t`Take test dollars from the faucet` });
    },
  };
}

// The plain injected connector is only worth showing when a wallet is there that does not announce itself.
function isExtension(connector: Connector, all: readonly Connector[]): boolean {
  if (connector.id === TEST_CONNECTOR_ID) return false;
  if (connector.id !== "injected") return true;
  return "ethereum" in window && !all.some(({ id, type }) => type === "injected" && id !== "injected");
}
