import { marketsAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, askedOnce, type Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import {
  type Abi,
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  domainSeparator,
} from "viem";
import type { TokenDomain } from "../core/index.ts";

/** What a deployment fixed for ever. */
export type MarketsConstants = {
  minStake: bigint;
  /** How the collateral's permits are signed; null when it takes none that we could make. */
  tokenDomain: TokenDomain | null;
};

/** @throws chain.rpc_unreachable */
export const marketsConstants = askedOnce(async (hub, addresses): Promise<MarketsConstants> => {
  const [minStake, tokenDomain] = await Promise.all([
    hub.client.readContract({ address: addresses.markets, abi: marketsAbi, functionName: "MIN_STAKE" }),
    readTokenDomain(hub, addresses.collateral),
  ]);
  return { minStake, tokenDomain };
});

// USDC calls its version "2"; a token that has no such function uses "1".
const versionAbi = [
  { type: "function", name: "version", inputs: [], outputs: [{ type: "string" }], stateMutability: "view" },
] as const satisfies Abi;

/** The domain that hashes to the token's own separator, so that a permit made here is one the token takes. */
async function readTokenDomain(hub: Chain, token: Address): Promise<TokenDomain | null> {
  const at = { address: token, abi: testDollarAbi } as const;
  const [name, separator, version] = await Promise.all([
    hub.client.readContract({ ...at, functionName: "name" }),
    read(hub.client.readContract({ ...at, functionName: "DOMAIN_SEPARATOR" })),
    read(hub.client.readContract({ address: token, abi: versionAbi, functionName: "version" })),
  ]);
  const domain: TokenDomain = { name, version: version ?? "1", chainId: hub.definition.id, token };
  const ours = domainSeparator({
    domain: { name, version: domain.version, chainId: domain.chainId, verifyingContract: token },
  });
  return ours === separator ? domain : null;
}

/** A token without the function says nothing; a node that does not answer is an error still. */
async function read<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    const refused =
      error instanceof BaseError &&
      error.walk(
        (cause) =>
          cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError,
      );
    if (refused) return null;
    throw error;
  }
}

/** What decides whether an owner can stake, by the chain itself. */
export type Purse = { balance: bigint; allowance: bigint; nonce: bigint };

export async function purseOf(hub: Chain, addresses: Addresses, owner: Address): Promise<Purse> {
  // The test dollar's ABI stands for every ERC-20 here: only functions of the standard are called.
  const token = { address: addresses.collateral, abi: testDollarAbi } as const;
  const [balance, allowance, nonce] = await Promise.all([
    hub.client.readContract({ ...token, functionName: "balanceOf", args: [owner] }),
    hub.client.readContract({ ...token, functionName: "allowance", args: [owner, addresses.markets] }),
    hub.client.readContract({
      address: addresses.markets,
      abi: marketsAbi,
      functionName: "nonceOf",
      args: [owner],
    }),
  ]);
  return { balance, allowance, nonce };
}

/** The owner's next nonce for a permit. Only for a token whose domain is known. */
export const permitNonce = (hub: Chain, addresses: Addresses, owner: Address): Promise<bigint> =>
  hub.client.readContract({
    address: addresses.collateral,
    abi: testDollarAbi,
    functionName: "nonces",
    args: [owner],
  });

/** Collateral in the wallet, and credit with the oracle. */
export async function moneyOf(
  hub: Chain,
  addresses: Addresses,
  owner: Address,
): Promise<{ collateral: bigint; credit: bigint }> {
  const [collateral, credit] = await Promise.all([
    hub.client.readContract({
      address: addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [owner],
    }),
    hub.client.readContract({
      address: addresses.oracle,
      abi: oracleAbi,
      functionName: "creditOf",
      args: [owner],
    }),
  ]);
  return { collateral, credit };
}

export type Call = { chainId: number; to: Address; data: Hex; value: string; purpose: string };
