import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { BANDS, type ContractBooks } from "@sooth/markets/core";
import { createPublicClient, http } from "viem";
import { askNode } from "./log-source.ts";

/** What the contract of opinion markets says of one of them, as of this block. @throws ops.no_node */
export const booksOfNode = (
  rpcUrl: string,
  { opinions: address, collateral }: Pick<Addresses, "opinions" | "collateral">,
  market: Hex,
  block: number,
): Promise<ContractBooks> =>
  askNode(rpcUrl, async () => {
    const client = createPublicClient({ transport: http(rpcUrl, { batch: true }) });
    const its = { address, abi: opinionsAbi, blockNumber: BigInt(block) } as const;
    const [bands, untold, [ending, , round, total, facts], balance] = await Promise.all([
      Promise.all(
        Array.from({ length: BANDS }, (_, band) =>
          client.readContract({ ...its, functionName: "bandOf", args: [market, band] }),
        ),
      ),
      client.readContract({ ...its, functionName: "untoldOf", args: [market] }),
      client.readContract({ ...its, functionName: "resultOf", args: [market] }),
      client.readContract({
        address: collateral,
        abi: testDollarAbi,
        functionName: "balanceOf",
        args: [address],
        blockNumber: BigInt(block),
      }),
    ]);
    return {
      bands: bands.map(([staked, count]) => ({ staked, count })),
      untold,
      ending,
      total,
      facts,
      round,
      balance,
    };
  });
