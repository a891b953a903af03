import { domainSeparator, type Hex, parseAbi, type PublicClient, type TypedDataDomain } from "viem";

/** What an EIP-2612 signature of one owner is made with. */
export type PermitFacts = { domain: TypedDataDomain; nonce: bigint };

const PERMIT = parseAbi([
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function nonces(address owner) view returns (uint256)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
]);

/**
 * How `owner` can let somebody take a token by a signature alone. Undefined where the token has no such thing, where its domain is
 * none that can be recomputed here, and where the owner is a contract: no key signs for it.
 */
export async function readPermit(
  client: PublicClient,
  { chainId, token, owner }: { chainId: number; token: Hex; owner: Hex },
): Promise<PermitFacts | undefined> {
  const at = { address: token, abi: PERMIT } as const;
  const [name, version, nonce, separator, code] = await Promise.all([
    client.readContract({ ...at, functionName: "name" }).catch(() => undefined),
    client.readContract({ ...at, functionName: "version" }).catch(() => "1"),
    client.readContract({ ...at, functionName: "nonces", args: [owner] }).catch(() => undefined),
    client.readContract({ ...at, functionName: "DOMAIN_SEPARATOR" }).catch(() => undefined),
    client.getCode({ address: owner }),
  ]);
  if (name === undefined || nonce === undefined || separator === undefined) return undefined;
  if (code !== undefined && code !== "0x") return undefined;
  const domain = { name, version, chainId, verifyingContract: token };
  return domainSeparator({ domain }) === separator ? { domain, nonce } : undefined;
}
