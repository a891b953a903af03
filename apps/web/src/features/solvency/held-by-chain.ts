import type { Network } from "../../api.ts";

/** The first four bytes of what `balanceOf(address)` hashes to, which ERC-20 calls begin with. */
const BALANCE_OF = "0x70a08231";
const WORD = /^0x[0-9a-f]{64}$/;

/**
 * What an address holds of the collateral, as the hub's node says. One call is written out here: what wallets are spoken to
 * with would be half of all that this page loads. @throws Error where the node says nothing that is a number
 */
export async function heldByChain({ hub, collateral }: Network, owner: string): Promise<bigint> {
  const data = BALANCE_OF + owner.slice(2).toLowerCase().padStart(64, "0");
  const call = { method: "eth_call", params: [{ to: collateral.address, data }, "latest"] };
  const answer = await fetch(hub.rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...call }),
  });
  const { result } = (await answer.json()) as { result?: unknown };
  if (typeof result !== "string" || !WORD.test(result)) throw new Error(`${hub.name} tells no balance`);
  return BigInt(result);
}
