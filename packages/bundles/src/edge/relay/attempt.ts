import type { Chain, Market } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { BaseError, numberToHex } from "viem";

/** A call that is tried without being sent. */
export type Tried = { from: Address; to: Address; data: Hex; value: bigint; gas: bigint };
export type TriedLog = { address: Address; topics: Hex[]; data: Hex };
export type Attempt = { ok: boolean; returned: Hex; gasUsed: bigint; logs: TriedLog[]; why: string };

type SimulatedCall = {
  status: Hex;
  returnData: Hex;
  gasUsed: Hex;
  logs?: TriedLog[];
  error?: { message?: string; data?: Hex };
};

/** What no transaction may exceed, in gas. Source: EIP-7825. */
export const MOST_GAS = 1n << 24n;

export type Circumstances = {
  /** Accounts that are taken to hold this much, for value that comes with a transaction. */
  rich?: ReadonlyMap<Address, bigint>;
  /**
   * What the calls offer for gas, as transactions that their callers sign. Without it they are mere calls, in which gas and the
   * block's base fee cost nothing: what is called can tell that from the day that it counts.
   */
  market?: Market;
};

/**
 * Tries calls one after the other on the chain's newest state, each seeing what those before it did.
 * @param now unix seconds that the calls are told
 * @throws what the node says when it does not answer, or does not know how to try calls
 */
export async function attempt(
  chain: Chain,
  calls: readonly Tried[],
  now: number,
  { rich = new Map(), market }: Circumstances = {},
): Promise<Attempt[]> {
  const stateOverrides = Object.fromEntries(
    [...rich].map(([address, balance]) => [address, { balance: numberToHex(balance) }]),
  );
  const offered = market && {
    maxFeePerGas: numberToHex(market.maxFee),
    maxPriorityFeePerGas: numberToHex(market.maxPriorityFee),
  };
  const blocks = (await chain.client.request({
    method: "eth_simulateV1" as never,
    params: [
      {
        blockStateCalls: [
          {
            blockOverrides: { time: numberToHex(now) },
            stateOverrides,
            calls: calls.map(({ from, to, data, value, gas }) => ({
              from,
              to,
              data,
              value: numberToHex(value),
              gas: numberToHex(gas),
              ...offered,
            })),
          },
        ],
        validation: market !== undefined,
        traceTransfers: false,
      },
      "latest",
    ] as never,
  })) as { calls: SimulatedCall[] }[];
  const simulated = need(blocks[0], "the block that was tried").calls;
  return calls.map((_, index) => {
    const { status, returnData, gasUsed, logs = [], error } = need(simulated[index], "a call that was tried");
    return {
      ok: BigInt(status) === 1n,
      returned: returnData,
      gasUsed: BigInt(gasUsed),
      logs,
      why: error?.message ?? "",
    };
  });
}

/** Whether a node says that it does not know this method: calls can not be tried there, only sent. */
export const cannotTry = (error: unknown): boolean =>
  error instanceof BaseError &&
  error.walk((cause) => "code" in (cause as object) && (cause as { code: unknown }).code === -32_601) !==
    null;
