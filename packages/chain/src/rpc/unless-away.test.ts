import { testDollarAbi } from "@sooth/abi";
import { expect, test } from "vitest";
import { testDefinition } from "../../test/definition.ts";
import { openChain } from "./open-chain.ts";
import { unlessAway } from "./unless-away.ts";

test("of a chain that nobody answers for nothing is said, also through what wraps its error", async () => {
  const chain = openChain({ definition: testDefinition, rpcUrls: ["http://127.0.0.1:9"] });
  const address = `0x${"11".repeat(20)}` as const;
  const read = () =>
    chain.client.readContract({ address, abi: testDollarAbi, functionName: "balanceOf", args: [address] });
  await expect(read()).rejects.not.toMatchObject({ code: "chain.rpc_unreachable" });
  expect(await unlessAway(read)).toBe(undefined);
  expect(await unlessAway(() => Promise.resolve(1))).toBe(1);
  await expect(unlessAway(() => Promise.reject(new Error("a mistake")))).rejects.toThrow("a mistake");
  await chain.close();
});
