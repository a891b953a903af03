import { testDollarAbi } from "@sooth/abi";
import { askedOnce } from "./rpc/asked-once.ts";

/** How the collateral is written. Neither ever changes, so one read serves for ever. @throws chain.rpc_unreachable */
export const collateralToken = askedOnce(
  async ({ client }, { collateral: address }): Promise<{ symbol: string; decimals: number }> => {
    const [symbol, decimals] = await Promise.all([
      client.readContract({ address, abi: testDollarAbi, functionName: "symbol" }),
      client.readContract({ address, abi: testDollarAbi, functionName: "decimals" }),
    ]);
    return { symbol, decimals };
  },
);
