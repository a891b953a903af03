import { accountAbi, settlerAbi } from "@sooth/abi";
import { type Addresses, type Chain, unlessAway } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { encodeFunctionData, erc20Abi } from "viem";
import { OpsError } from "../ops-error.ts";
import { type ChainAt, ifNode } from "./network.ts";
import type { Call } from "./send.ts";
import { weiText } from "./words.ts";

type Where = { settler: Addresses["settler"]; chainAt: ChainAt };
/** An owner's account on one chain. `made`: its code stands there; what it is sent before that is its own all the same. */
export type AccountShown = {
  chainId: number;
  address: Address;
  made: boolean;
  /** Wei of the chain. */
  coins: bigint;
  /** Units of each token that was asked for. */
  tokens: { token: Address; amount: bigint }[];
};

const addressOn = ({ client }: Chain, settler: Address, owner: Address): Promise<Address> =>
  client.readContract({ address: settler, abi: settlerAbi, functionName: "accountOf", args: [owner] });
const hasCode = async ({ client }: Chain, address: Address): Promise<boolean> =>
  (await client.getCode({ address })) !== undefined;

/** Null of a chain without a node at hand. Tokens that are not there are left out. */
export async function accountOn(
  { settler, chainAt }: Where,
  chainId: number,
  owner: Address,
  tokens: readonly Address[],
): Promise<AccountShown | null> {
  const found = await ifNode(() =>
    unlessAway(async () => {
      const chain = chainAt(chainId);
      const address = await addressOn(chain, settler, owner);
      const [made, coins, held] = await Promise.all([
        hasCode(chain, address),
        chain.client.getBalance({ address }),
        Promise.all(
          tokens.map(async (token) =>
            (await hasCode(chain, token)) ? [{ token, amount: await balanceOf(chain, token, address) }] : [],
          ),
        ),
      ]);
      return { chainId, address, made, coins, tokens: held.flat() };
    }),
  );
  return found ?? null;
}

export function accountText({ chainId, address, made, coins, tokens }: AccountShown): string {
  const holds = [weiText(coins), ...tokens.map(({ token, amount }) => `${amount} of the token ${token}`)];
  return `chain ${chainId}  ${address}  ${made ? "made" : "not made yet"}, holds ${holds.join(", ")}`;
}

const balanceOf = ({ client }: Chain, token: Address, of: Address): Promise<bigint> =>
  client.readContract({ address: token, abi: erc20Abi, functionName: "balanceOf", args: [of] });

/** What the account is to call, and what that is in words. */
export type Wanted = { target: Address; value: bigint; data: Hex };

/** The owner's call by his account, which is made before where it is not there yet. @throws ops.not_due */
export async function callsByAccount(
  { settler, chainAt }: Where,
  chainId: number,
  owner: Address,
  { target, value, data }: Wanted,
): Promise<Call[]> {
  const chain = chainAt(chainId);
  const account = await addressOn(chain, settler, owner);
  // A call to an address without code succeeds, and does nothing.
  if (data !== "0x" && !(await hasCode(chain, target)))
    throw OpsError.not_due({ what: `no contract is at ${target} on chain ${chainId}` });
  const coins = await chain.client.getBalance({ address: account });
  if (coins < value)
    throw OpsError.not_due({ what: `the account holds ${weiText(coins)}, and ${weiText(value)} are wanted` });
  const make: Call = {
    what: "make account",
    leg: null,
    chainId,
    to: settler,
    data: encodeFunctionData({ abi: settlerAbi, functionName: "createAccount", args: [owner] }),
    value: "0",
  };
  const call: Call = {
    what: "call by account",
    leg: null,
    chainId,
    to: account,
    data: encodeFunctionData({ abi: accountAbi, functionName: "call", args: [target, value, data] }),
    value: "0",
  };
  return (await hasCode(chain, account)) ? [call] : [make, call];
}

/** Brings home what the account holds: all of it, or `amount`. @param token null: the chain's coins @throws ops.not_due */
export async function takeHome(
  where: Where,
  chainId: number,
  owner: Address,
  { token, amount, to }: { token: Address | null; amount: bigint | null; to: Address },
): Promise<Call[]> {
  const chain = where.chainAt(chainId);
  const account = await addressOn(chain, where.settler, owner);
  if (token && !(await hasCode(chain, token)))
    throw OpsError.not_due({ what: `no token is at ${token} on chain ${chainId}` });
  const held = token
    ? await balanceOf(chain, token, account)
    : await chain.client.getBalance({ address: account });
  const wanted = amount ?? held;
  if (wanted === 0n) return [];
  if (wanted > held) throw OpsError.not_due({ what: `the account holds ${held}, and ${wanted} are wanted` });
  const call: Wanted = token
    ? {
        target: token,
        value: 0n,
        data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, wanted] }),
      }
    : { target: to, value: wanted, data: "0x" };
  return callsByAccount(where, chainId, owner, call);
}
