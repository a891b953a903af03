import {
  createClient,
  custom,
  type LocalAccount,
  type PrepareTransactionRequestParameters,
  walletActions,
} from "viem";
import { prepareTransactionRequest } from "viem/actions";
import type { Chain } from "./rpc/chain.ts";

/** What no transaction may exceed, in gas. Source: EIP-7825. */
const MOST_GAS = 1n << 24n;

/**
 * A wallet of a key that this process holds, for what is not sent through an outbox. It allows half again of the gas that the
 * estimate names: until its block others change what a call costs (a new epoch, a stake before it), and what was exact runs
 * out. Gas that is not used costs nothing.
 */
export function walletOf({ client, definition }: Chain, account: LocalAccount) {
  const plain = createClient({
    account,
    chain: definition.viem,
    // The chain's client tries other nodes by itself: trying again here would send twice.
    transport: custom({ request: client.request }, { retryCount: 0 }),
  });
  const prepareWithRoom = async (request: PrepareTransactionRequestParameters) => {
    const prepared = await prepareTransactionRequest(plain, request);
    return request.gas === undefined ? { ...prepared, gas: withRoom(prepared.gas) } : prepared;
  };
  // Actions ask the client that they are given to prepare what they send.
  return walletActions({ ...plain, prepareTransactionRequest: prepareWithRoom } as typeof plain);
}

const withRoom = (gas: bigint): bigint => {
  const wanted = (gas * 3n + 1n) / 2n;
  return gas < MOST_GAS && wanted > MOST_GAS ? MOST_GAS : wanted;
};
