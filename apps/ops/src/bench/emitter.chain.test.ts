import { marketsAbi } from "@sooth/abi";
import { startAnvil } from "@sooth/chain/local-node";
import type { Hex } from "@sooth/kernel";
import { createPublicClient, createTestClient, http, numberToHex, padHex, parseEventLogs } from "viem";
import { expect, test } from "vitest";
import { emitterCall, emitterCode } from "./emitter.ts";

test("the emitter's logs are those that the markets contract would write", async () => {
  const anvil = await startAnvil({ chainId: 31_337 });
  try {
    const transport = http(anvil.rpcUrl);
    const client = createPublicClient({ transport });
    const address = numberToHex(0xa3, { size: 20 });
    const market = padHex("0xabc", { size: 32 });
    const node = createTestClient({ mode: "anvil", transport });
    await node.setCode({ address, bytecode: emitterCode() });
    const [from] = (await node.request({ method: "eth_accounts" } as never)) as [string];
    const call = { from, to: address, data: emitterCall(market, 7, 3), gas: numberToHex(1_000_000) };
    const hash = (await node.request({ method: "eth_sendTransaction", params: [call] } as never)) as Hex;
    // The node answers with the hash before the block is there.
    await client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    const logs = parseEventLogs({
      abi: marketsAbi,
      logs: await client.getLogs({ address, fromBlock: 0n }),
      strict: true,
    });
    expect(logs.map(({ eventName, args }) => ({ eventName, args }))).toEqual(
      [7, 8, 9].map((owner) => ({
        eventName: "Staked",
        args: {
          market,
          owner: numberToHex(owner, { size: 20 }),
          outcome: owner % 2,
          amount: BigInt(1_000_000 + owner),
        },
      })),
    );
  } finally {
    await anvil.stop();
  }
});
