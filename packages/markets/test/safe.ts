import type { Chain } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { createRequire } from "node:module";
import {
  type Abi,
  concatHex,
  createWalletClient,
  custom,
  encodeDeployData,
  encodeFunctionData,
  type LocalAccount,
  parseAbi,
  parseEventLogs,
  zeroAddress,
} from "viem";

const load = createRequire(import.meta.url);
type Artifact = { abi: Abi; bytecode: Hex };
const published = (file: string): Artifact =>
  load(`@safe-global/safe-contracts/build/artifacts/contracts/${file}.json`) as Artifact;

const SETUP = parseAbi([
  "function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)",
]);
const FACTORY = parseAbi([
  "function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address)",
  "event ProxyCreation(address indexed proxy, address singleton)",
]);

/** A Safe, from the bytecode that Safe publishes: singleton, handler and factory of its own. */
export async function deploySafe(
  hub: Chain,
  account: LocalAccount,
  { owners, threshold }: { owners: readonly Address[]; threshold: number },
): Promise<Address> {
  const wallet = createWalletClient({
    account,
    chain: hub.definition.viem,
    transport: custom({ request: hub.client.request }, { retryCount: 0 }),
  });
  const mined = async (request: { to?: Address; data: Hex }) => {
    const sent = await wallet.sendTransaction(request);
    return hub.client.waitForTransactionReceipt({ hash: sent, pollingInterval: 20 });
  };
  const deployed = async (file: string): Promise<Address> => {
    const { abi, bytecode } = published(file);
    const receipt = await mined({ data: encodeDeployData({ abi, bytecode }) });
    return need(receipt.contractAddress, file);
  };
  const singleton = await deployed("Safe.sol/Safe");
  const handler = await deployed("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler");
  const factory = await deployed("proxies/SafeProxyFactory.sol/SafeProxyFactory");
  const initializer = encodeFunctionData({
    abi: SETUP,
    args: [owners, BigInt(threshold), zeroAddress, "0x", handler, zeroAddress, 0n, zeroAddress],
  });
  const data = encodeFunctionData({
    abi: FACTORY,
    functionName: "createProxyWithNonce",
    args: [singleton, initializer, 1n],
  });
  const { logs } = await mined({ to: factory, data });
  const [created] = parseEventLogs({ abi: FACTORY, eventName: "ProxyCreation", logs });
  return need(created, "a proxy").args.proxy;
}

/** What owners sign so that their Safe says (ERC-1271) that it signed `digest`; ascending, as a Safe wants them. */
export async function signAsSafe(
  { chainId, safe }: { chainId: number; safe: Address },
  digest: Hex,
  owners: readonly LocalAccount[],
): Promise<Hex> {
  const ascending = owners.toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  const signatures = await Promise.all(
    ascending.map((owner) =>
      owner.signTypedData({
        domain: { chainId, verifyingContract: safe },
        types: { SafeMessage: [{ name: "message", type: "bytes" }] },
        primaryType: "SafeMessage",
        message: { message: digest },
      }),
    ),
  );
  return concatHex(signatures);
}
