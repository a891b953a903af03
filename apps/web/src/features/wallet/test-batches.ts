import { t } from "@lingui/core/macro";
import {
  type Account,
  type Address,
  type Chain,
  concatHex,
  createWalletClient,
  type Hex,
  http,
  type LocalAccount,
  numberToHex,
  publicActions,
  type RpcTransactionReceipt,
} from "viem";
import { encodeExecuteData } from "viem/experimental/erc7821";

type Asked = { method: string; params?: unknown };
type SendCalls = {
  from?: Address;
  chainId: Hex;
  calls: readonly { to: Address; data?: Hex; value?: Hex }[];
  capabilities?: Record<string, { optional?: boolean }>;
};

const VERSION = "2.0.0";
const [PENDING, CONFIRMED, REVERTED] = [100, 200, 500];

/** How wallets refuse, by EIP-1193 and EIP-5792. */
class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What a wallet whose key is at hand answers of EIP-5792, for the wallets of a local network: all calls go in one transaction of
 * the account itself, which delegates to `testAccount` with its first (EIP-7702). Undefined for what is none of these methods.
 */
export function testBatches(account: LocalAccount, chains: readonly Chain[], testAccount: Address | null) {
  const sent = new Map<string, number>();
  const clientOn = (chainId: number) => {
    const chain = chains.find(({ id }) => id === chainId);
    if (!chain) throw new Refusal(5_710, t`This wallet knows no such chain.`);
    const transport = http(chain.rpcUrls.default.http[0], { retryCount: 0 });
    return createWalletClient({ account, chain, transport }).extend(publicActions);
  };

  const capabilities = async () => {
    const told = chains.map(async ({ id }) => {
      const status =
        testAccount === null ? "unsupported" : (await delegates(clientOn(id))) ? "supported" : "ready";
      return [numberToHex(id), { atomic: { status } }] as const;
    });
    return Object.fromEntries(await Promise.all(told));
  };

  const delegates = async (client: ReturnType<typeof clientOn>): Promise<boolean> => {
    const code = await client.getCode({ address: account.address });
    return testAccount !== null && code?.toLowerCase() === concatHex(["0xef0100", testAccount]).toLowerCase();
  };

  const send = async ({ chainId, calls, capabilities: wanted = {} }: SendCalls) => {
    if (testAccount === null) throw new Refusal(5_760, t`This wallet does no batches here.`);
    if (Object.values(wanted).some(({ optional }) => optional !== true))
      throw new Refusal(5_700, t`This wallet has no such capability.`);
    const client = clientOn(Number(chainId));
    const authorizationList = (await delegates(client))
      ? []
      : [await client.signAuthorization({ contractAddress: testAccount, executor: "self" })];
    const request = {
      to: account.address,
      data: encodeExecuteData({
        calls: calls.map(({ to, data, value }) => ({ to, data, value: BigInt(value ?? 0) })),
      }),
      ...(authorizationList.length > 0 && { authorizationList }),
    };
    // Others may change until its block what it costs: what is not used is not paid.
    const gas = (3n * (await client.estimateGas({ account: account as Account, ...request }))) / 2n;
    const id = await client.sendTransaction({ ...request, gas } as Parameters<
      typeof client.sendTransaction
    >[0]);
    sent.set(id, client.chain.id);
    return { id };
  };

  const status = async (id: Hex) => {
    const chainId = sent.get(id);
    if (chainId === undefined) throw new Refusal(5_730, t`This wallet sent nothing of that name.`);
    const receipt = (await clientOn(chainId).request({
      method: "eth_getTransactionReceipt",
      params: [id],
    } as never)) as RpcTransactionReceipt | null;
    return {
      version: VERSION,
      id,
      chainId: numberToHex(chainId),
      atomic: true,
      status: receipt === null ? PENDING : receipt.status === "0x1" ? CONFIRMED : REVERTED,
      receipts: receipt === null ? [] : [receipt],
    };
  };

  return ({ method, params }: Asked): Promise<unknown> | undefined => {
    const [first] = (params ?? []) as readonly unknown[];
    switch (method) {
      case "wallet_getCapabilities":
        return capabilities();
      case "wallet_sendCalls":
        return send(first as SendCalls);
      case "wallet_getCallsStatus":
        return status(first as Hex);
      default:
        return undefined;
    }
  };
}
