import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { erc20Abi, encodeFunctionData } from "viem";
import { afterEach, expect, test } from "vitest";
import type { Network } from "../../api.ts";
import { heldByChain } from "./held-by-chain.ts";

const OWNER = "0x00000000000000000000000000000000000abc01";
const TOKEN = "0x00000000000000000000000000000000000000c0";
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A node that says this, and what it was asked. */
async function nodeThatSays(said: object) {
  const asked: { method: string; params: unknown[] }[] = [];
  const server = createServer(async (request, response) => {
    asked.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.end(JSON.stringify(said));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const rpcUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, network: { hub: { name: "Hub", rpcUrl }, collateral: { address: TOKEN } } as Network };
}

test("asks for a balance as the token's interface encodes it, and reads the whole word", async () => {
  const { asked, network } = await nodeThatSays({
    result: `0x${(2n ** 200n).toString(16).padStart(64, "0")}`,
  });
  expect(await heldByChain(network, OWNER)).toBe(2n ** 200n);
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [OWNER] });
  expect(asked).toEqual([
    expect.objectContaining({ method: "eth_call", params: [{ to: TOKEN, data }, "latest"] }),
  ]);
});

test.each([[{ error: { code: -32000, message: "busy" } }], [{ result: "0x" }], [{ result: 7 }]])(
  "takes %j for no balance",
  async (said) => {
    const { network } = await nodeThatSays(said);
    await expect(heldByChain(network, OWNER)).rejects.toThrow("Hub tells no balance");
  },
);
