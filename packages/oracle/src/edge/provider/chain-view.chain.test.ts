import { oracleAbi } from "@sooth/abi";
import { chainById, deploy, localParams, openChain } from "@sooth/chain";
import { type Anvil, devAccount, startAnvil } from "@sooth/chain/local-node";
import { createTestClient, createWalletClient, type Hex, http, publicActions } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boolSchema, termsFor } from "../../../test/people.ts";
import { questionId, schemaText, type Terms, termsToChain } from "../../core/index.ts";
import { ChainView } from "./chain-view.ts";

const definition = chainById(31_337);
const asker = devAccount(1);
let anvil: Anvil;
let view: ChainView;
let chain: ReturnType<typeof openChain>;
let oracle: Hex;
const nodeOf = () =>
  createTestClient({ mode: "anvil", chain: definition.viem, transport: http(anvil.rpcUrl) }).extend(
    publicActions,
  );

beforeAll(async () => {
  anvil = await startAnvil({ chainId: definition.id });
  chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const deployed = await deploy({ chain, account: devAccount(0), params: localParams, role: "hub" });
  oracle = deployed.addresses.oracle;
  view = new ChainView(chain, deployed.addresses, deployed.startBlock);
});
afterAll(async () => {
  await chain.close();
  await anvil.stop();
});

async function ask(nonce: bigint): Promise<Hex> {
  const now = await chain.now();
  const schema = boolSchema();
  const terms: Terms = termsFor(schema, {
    asker: asker.address,
    opensAt: now,
    deadline: now + 1_000,
    reward: 0n,
    nonce,
  });
  const wallet = createWalletClient({
    account: asker,
    chain: definition.viem,
    transport: http(anvil.rpcUrl),
  });
  const hash = await wallet.writeContract({
    address: oracle,
    abi: oracleAbi,
    functionName: "ask",
    args: [termsToChain(terms), schemaText(schema)],
  });
  await nodeOf().waitForTransactionReceipt({ hash, pollingInterval: 20 });
  return questionId(terms);
}
const open = () => view.open().map(({ id }) => id);

test("sees what is asked, and asks nothing anew while the head is the same", async () => {
  expect(await view.refresh()).toBe(true);
  expect(await view.refresh()).toBe(false);
  const id = await ask(1n);
  expect(await view.refresh()).toBe(true);
  expect(open()).toEqual([id]);
  expect(await view.wordOf(id)).toMatchObject({ state: "open", round: 0 });
  expect(await view.signers(0)).toEqual({ epoch: 0, totalWeight: 0n, seats: [] });
});

test("after a reorg the chain decides, not what was seen before", async () => {
  const node = nodeOf();
  const before = open();
  const fork = await node.snapshot();
  const gone = await ask(2n);
  await view.refresh();
  expect(open()).toEqual([...before, gone]);

  await node.revert({ id: fork });
  const other = await ask(3n);
  await node.mine({ blocks: 3 });
  await view.refresh();
  expect(open()).toContain(other);
  expect((await view.wordOf(gone)).state).toBe("none");
  expect((await view.wordOf(other)).state).toBe("open");
  // Everything is looked at again: an answer or a reopening may be gone as well.
  expect(view.changesOf(gone)).toBe(1);
});

test("a head that went back is noticed as well", async () => {
  const node = nodeOf();
  const fork = await node.snapshot();
  await node.mine({ blocks: 5 });
  await view.refresh();
  await node.revert({ id: fork });
  expect(await view.refresh()).toBe(true);
  const id = await ask(4n);
  await view.refresh();
  expect(open()).toContain(id);
});

test("forgets questions that are over", async () => {
  const node = nodeOf();
  await node.increaseTime({ seconds: 2_000 });
  await node.mine({ blocks: 1 });
  await view.refresh();
  expect([...view.questions.keys()]).toEqual([]);
});
