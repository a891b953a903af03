import { AppError } from "@sooth/kernel";
import { registry } from "@sooth/runtime";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { testDefinition } from "../../test/definition.ts";
import { BREAK, type RpcProxy, STALL, startProxy } from "../../test/rpc-proxy.ts";
import { type Anvil, startAnvil } from "../local-node/index.ts";
import type { Chain } from "./chain.ts";
import { openChain } from "./open-chain.ts";

let anvil: Anvil;
let proxy: RpcProxy;
let chain: Chain | undefined;

beforeAll(async () => {
  anvil = await startAnvil({ chainId: 31337, timestamp: 1_700_000_000 });
  proxy = await startProxy(anvil.rpcUrl);
});
afterAll(async () => {
  await proxy.close();
  await anvil.stop();
});
afterEach(async () => {
  proxy.twist = (_, result) => result;
  await chain?.close();
});

function open(...rpcUrls: string[]): Chain {
  chain = openChain({ definition: testDefinition, rpcUrls });
  return chain;
}
const statesOf = (opened: Chain) => opened.status().rpcs.map(({ state }) => state);

test("now is the clock of the chain", async () => {
  expect(await open(anvil.rpcUrl).now()).toBe(1_700_000_000);
});

test("an RPC that stalls is passed over for the next", async () => {
  const opened = open(proxy.url, anvil.rpcUrl);
  await opened.now();
  proxy.twist = () => STALL;
  expect(await opened.client.getBlockNumber()).toBe(0n);
  expect(statesOf(opened)).toEqual(["down", "usable"]);
  // Nobody waits for it again: what no probe asks for never gets there.
  await opened.client.getGasPrice();
  expect(proxy.calls).not.toContain("eth_gasPrice");
});

test("an RPC that fails is passed over, and taken again when it is well", async () => {
  const opened = open(proxy.url, anvil.rpcUrl);
  proxy.twist = () => BREAK;
  expect(await opened.client.getBlockNumber()).toBe(0n);
  expect(statesOf(opened)).toEqual(["down", "usable"]);
  proxy.twist = (_, result) => result;
  await vi.waitFor(() => expect(statesOf(opened)).toEqual(["usable", "usable"]), { timeout: 60_000 });
});

test("an RPC of another chain is refused and named", async () => {
  proxy.twist = ({ method }, result) => (method === "eth_chainId" ? "0x1" : result);
  const opened = open(proxy.url, anvil.rpcUrl);
  proxy.calls.length = 0;
  await opened.client.getBlockNumber();
  expect(proxy.calls).not.toContain("eth_getBlockByNumber");
  expect(opened.status().rpcs[0]).toMatchObject({
    name: proxy.url,
    state: "wrong_chain",
    found: `${proxy.url} serves chain 1, not 31337: correct the RPC URL`,
  });
  const alone = openChain({ definition: testDefinition, rpcUrls: [proxy.url] });
  await expect(alone.now()).rejects.toMatchObject({ code: "chain.wrong_chain", data: { found: 1 } });
  await alone.close();
});

test("an RPC that is behind is used only when nobody else answers", async () => {
  proxy.twist = ({ method }, result) => (method === "eth_blockNumber" ? "0x64" : result);
  const opened = open(anvil.rpcUrl, proxy.url);
  await opened.readers();
  expect(statesOf(opened)).toEqual(["behind", "usable"]);
  expect(opened.status().rpcs[0]?.found).toContain("is at block 0 while another RPC is at 100");
  expect((await opened.readers())[0]?.name).toBe(proxy.url);
});

test("when none answers, the error may be retried and tells no secret", async () => {
  const opened = open("http://user:secret@127.0.0.1:9/v2/secret?key=secret", "http://127.0.0.1:9/secret");
  const error = await opened.now().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "chain.rpc_unreachable", retry: true, status: 503 });
  expect(JSON.stringify([error, (error as Error).message, opened.status()])).not.toContain("secret");
  expect(opened.status().rpcs.map(({ name }) => name)).toEqual([
    "http://127.0.0.1:9",
    "http://127.0.0.1:9 #2",
  ]);
});

test("a refusal that any node would give is thrown as it is", async () => {
  const opened = open(proxy.url, anvil.rpcUrl);
  await opened.now();
  proxy.calls.length = 0;
  await expect(
    opened.client.request({ method: "eth_sendRawTransaction", params: ["0x00"] }),
  ).rejects.toMatchObject({ name: expect.not.stringContaining("AppError") as string });
  expect(proxy.calls).toEqual(["eth_sendRawTransaction"]);
  expect(statesOf(opened)[0]).toBe("usable");
});

test("an RPC put aside gets no request", async () => {
  const opened = open(proxy.url, anvil.rpcUrl);
  await opened.readers();
  opened.putAside(proxy.url, "it lied");
  proxy.calls.length = 0;
  await opened.client.getBlockNumber();
  expect((await opened.readers()).map(({ name }) => name)).toEqual([anvil.rpcUrl]);
  expect(proxy.calls).toEqual([]);
  expect(opened.status()).toMatchObject({ ok: true, rpcs: [{ state: "lied", found: "it lied" }, {}] });
});

const figure = async (series: string): Promise<number> => {
  const line = (await registry.metrics()).split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.split(" ")[1]);
};
const asked = () => figure(`chain_rpc_seconds_count{chain="${testDefinition.name}",method="eth_gasPrice"}`);

test("how long nodes take is told by method, whether they answer or not, and which did not", async () => {
  const failed = (fault: string) =>
    figure(`chain_rpc_failures_total{chain="${testDefinition.name}",rpc="${proxy.url}",fault="${fault}"}`);
  const opened = open(proxy.url, anvil.rpcUrl);
  await opened.now();
  const [count, failures] = [await asked(), await failed("node")];
  await opened.client.getGasPrice();
  expect([(await asked()) - count, (await failed("node")) - failures]).toEqual([1, 0]);
  proxy.twist = () => BREAK;
  await opened.client.getGasPrice();
  // The one that broke, and the next, which answered.
  expect([(await asked()) - count, (await failed("node")) - failures]).toEqual([3, 1]);
});
