import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import type { Address, Hex } from "@sooth/kernel";
import { need } from "@sooth/kernel";
import { questionKeyOf } from "@sooth/markets/core";
import { questionId, type Terms, termsToChain } from "@sooth/oracle/core";
import { loadConfig, startStack, type Stack } from "@sooth/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  createTestClient,
  encodeAbiParameters,
  encodeFunctionData,
  http,
  keccak256,
  toHex,
  walletActions,
} from "viem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "./index.ts";

// Outcome tokens from the first command to the last, on a real network: nobody matches here but the command line itself.
const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-outcome-commands-"));
let stack: Stack;

beforeAll(async () => {
  for (const key of ["DATABASE_URL", "HUB_RPC_URLS", "ROLLUPS", "BUNDLE_KEY", "LAPTOP_COMMITTEE"])
    vi.stubEnv(key, undefined);
  stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: dataDir,
      SOOTH_PORT: "0",
      SOOTH_ROLES: "api,worker,relayer",
      MARKETS_MATCH_GAS_PER_DAY: "0",
    }),
    freePorts: true,
    durable: false,
    exchanges: false,
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function outcome(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(["outcome", ...argv, "--url", stack.url], COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}
const userOf = (name: string) =>
  need(
    stack.accounts?.users.find((each) => each.name === name),
    name,
  ).account;
const moneyOf = (name: string): Promise<bigint> =>
  stack.hub.client.readContract({
    address: stack.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [userOf(name).address],
  });

const allowanceOf = (name: string): Promise<bigint> =>
  stack.hub.client.readContract({
    address: stack.addresses.collateral,
    abi: testDollarAbi,
    functionName: "allowance",
    args: [userOf(name).address, stack.addresses.outcomeTokens],
  });

/** A question that nobody will answer; the id, once the server knows it. */
async function ask(opensAt: number, kind: object = { kind: "bool", outcomes: ["No", "Yes"] }): Promise<Hex> {
  const asker = userOf("Carol");
  const schema = {
    version: 1,
    text: "Does the ferry run?",
    ...kind,
    decimals: 0,
    unit: "",
    observeAt: opensAt,
    sources: [],
    rule: { type: "value" },
    default: "invalid",
    description: "",
  };
  const response = await fetch(new URL("/v1/questions/prepare", stack.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema,
      opensAt,
      deadline: opensAt + 600,
      liveness: 30,
      reward: "0",
      asker: asker.address,
    }),
  });
  const { id, calls } = (await response.json()) as { id: Hex; calls: { to: Address; data: Hex }[] };
  for (const { to, data } of calls) {
    const hash = await walletOf(stack.hub, asker).sendTransaction({ to, data });
    await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  }
  await expect
    .poll(async () => (await fetch(new URL(`/v1/questions/${id}`, stack.url))).status, { timeout: 30_000 })
    .toBe(200);
  return id;
}
const has = (text: string, ...words: string[]) => {
  for (const word of words) expect(text).toContain(word);
};

test("two people trade by the command line, and are paid when nobody answers", async () => {
  const opensAt = (await stack.hub.now()) + 86_400;
  const id = await ask(opensAt);
  expect((await outcome("book", id)).text).toBe("nobody offers anything now");

  const shown = await outcome("order", id, "buyYes", "10", "0.6", "--as", "Alice");
  has(
    shown.text,
    "buyYes 10 at 0.6: pays 6 ",
    "would send approve",
    "Nothing was sent",
    `good until ${opensAt - 1}`,
  );
  expect((await outcome("book", id)).text).toBe("nobody offers anything now");
  has(
    (await outcome("order", id, "buyYes", "10", "0.6", "--as", "Alice", "--send")).text,
    "approve",
    " stands",
  );
  has((await outcome("book", id)).text, "yes wanted", "0.6", "10");
  expect((await outcome("match", id)).text).toBe("nothing is due now");

  const bobs = await outcome(
    "order",
    id,
    "buyNo",
    "4",
    "0.45",
    "--seconds",
    "3600",
    "--as",
    "Bob",
    "--send",
    "--json",
  );
  const { digest } = JSON.parse(bobs.text) as { digest: Hex };
  const planned = await outcome("match", id, "--as", "Carol");
  has(
    planned.text,
    "4 tokens: buyNo at 0.45 meets buyYes at 0.6",
    "OutcomeTokens.matchOrders",
    "Nothing was sent",
  );
  expect((await outcome("match", id, "--as", "Carol", "--send")).code).toBe(0);
  await expect
    .poll(async () => (await outcome("balances", id, "--as", "Bob")).text, { timeout: 30_000 })
    .toContain("0 yes, 4 no; not settled");
  await expect
    .poll(async () => (await outcome("book", id)).text, { timeout: 30_000 })
    .toMatch(/yes wanted\s+0\.6\s+6\s+1\n.* 4 tokens at 0\.6/);

  // Bob's order is done; Alice takes the rest of hers back.
  expect((await outcome("cancel", digest, "--as", "Alice")).complaint).toContain("[ops.not_owner]");
  const [, left = ""] =
    /order (0x[0-9a-f]{64})/.exec((await outcome("balances", id, "--as", "Alice")).text) ?? [];
  has((await outcome("cancel", left, "--as", "Alice")).text, "OutcomeTokens.cancel");
  expect((await outcome("cancel", left, "--as", "Alice", "--send")).code).toBe(0);
  await expect
    .poll(async () => (await outcome("book", id)).text, { timeout: 30_000 })
    .toMatch(/^nobody offers anything now/);

  // What cannot be paid has no allowance given for it first.
  const allowed = await allowanceOf("Alice");
  const dear = await outcome("split", id, "99999999", "--as", "Alice", "--send");
  expect([dear.code, dear.complaint]).toEqual([1, expect.stringContaining("[ops.little_money]")]);
  has(dear.complaint, "this wants 99999999 ", "nothing was signed or sent");
  expect(await allowanceOf("Alice")).toBe(allowed);
  has(
    (await outcome("merge", id, "3", "--as", "Bob", "--send")).complaint,
    "hold 0 yes of outcome 0, and this wants 3: nothing",
  );
  has(
    (await outcome("order", id, "sellYes", "10", "0.5", "--as", "Bob", "--send")).complaint,
    "you (0x",
    "hold 0 yes of outcome 0, and this wants 10: nothing",
  );

  const before = await moneyOf("Alice");
  expect((await outcome("split", id, "2.5", "--as", "Alice", "--send")).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(2_500_000n);
  expect((await outcome("merge", id, "0.5", "--as", "Alice", "--send")).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(2_000_000n);
  has((await outcome("balances", id, "--as", "Alice")).text, "6 yes, 2 no");

  const early = await outcome("redeem", id, "--as", "Alice", "--send");
  expect([early.code, early.complaint]).toEqual([1, expect.stringContaining("ops.refused")]);
  // By its name, and not by four bytes.
  expect(early.complaint).toMatch(/reverts with OutcomeTokens_\w+\(/);
  const rpcUrl = need(stack.hub.status().rpcs[0]?.name, "a node of the hub");
  const node = createTestClient({ mode: "anvil", chain: stack.hub.definition.viem, transport: http(rpcUrl) });
  await turnClock(node, opensAt + 601);
  expect((await outcome("order", id, "buyYes", "1", "0.5", "--as", "Bob")).complaint).toContain(
    "ops.not_due",
  );
  const [alices, hers] = [await moneyOf("Alice"), await moneyOf("Bob")];
  expect((await outcome("redeem", id, "--as", "Alice", "--send")).text).toMatch(/settle.*\nredeem/);
  // Either side is worth a half: 6 yes and 2 no are 4.
  expect((await moneyOf("Alice")) - alices).toBe(4_000_000n);
  expect(
    (await outcome("redeem", id, "--owner", userOf("Bob").address, "--as", "Carol", "--send")).code,
  ).toBe(0);
  expect((await moneyOf("Bob")) - hers).toBe(2_000_000n);
  expect((await outcome("redeem", id, "--as", "Bob")).complaint).toContain("ops.not_due");
});

test("of a choice one makes all outcomes, exchanges between them, and is paid for all at once", async () => {
  const opensAt = (await stack.hub.now()) + 86_400;
  const id = await ask(opensAt, { kind: "categorical", outcomes: ["Elm", "Oak", "Ash"] });
  const [before, as] = [await moneyOf("Alice"), ["--as", "Alice", "--send"]];
  expect((await outcome("split-all", id, "6", ...as)).code).toBe(0);
  expect((await outcome("split", id, "2", "--outcome", "1", ...as)).code).toBe(0);
  expect((await outcome("split", id, "2", "--outcome", "2", ...as)).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(10_000_000n);
  // Of each of two outcomes: 2 yes of the third, and 2 of money.
  has(
    (await outcome("convert", id, "1,2", "2", "--as", "Alice")).text,
    "2 no of each of 1 (Oak), 2 (Ash) become 2 yes of 0 (Elm) and 2 ",
    "OutcomeTokens.convert",
  );
  expect((await outcome("convert", id, "1,2", "2", ...as)).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(8_000_000n);
  expect((await outcome("merge-all", id, "5", ...as)).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(3_000_000n);
  for (const [which, label] of ["Elm", "Oak", "Ash"].entries())
    has(
      (await outcome("balances", id, "--as", "Alice")).text,
      `outcome ${which} (${label})  3 yes, 0 no; not settled`,
    );
  expect((await outcome("convert", id, "0,3", "1", ...as)).complaint).toContain("outcomes 0 to 2");
  has((await outcome("convert", id, "0", "1", ...as)).complaint, "hold 0 no of outcome 0, and this wants 1:");
  has((await outcome("merge-all", id, "4", ...as)).complaint, "[ops.few_outcome_tokens]");

  const rpcUrl = need(stack.hub.status().rpcs[0]?.name, "a node of the hub");
  const node = createTestClient({ mode: "anvil", chain: stack.hub.definition.viem, transport: http(rpcUrl) });
  await turnClock(node, opensAt + 601);
  // Without an answer each is worth a third, so all of them what went in.
  expect((await outcome("redeem", id, ...as)).code).toBe(0);
  expect(before - (await moneyOf("Alice"))).toBe(0n);
});

async function verify(question?: Hex) {
  const lines: string[] = [];
  const rpcUrl = need(stack.hub.status().rpcs[0]?.name, "a node of the hub");
  const argv = ["verify", "outcomes", ...(question ? [question] : []), "--rpc", rpcUrl];
  const code = await runCommand(argv, COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => lines.push(text),
  });
  return { code, text: lines.join("\n") };
}
async function send(name: string, to: Address, data: Hex): Promise<void> {
  const hash = await walletOf(stack.hub, userOf(name)).sendTransaction({ to, data });
  const { status } = await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  expect(status).toBe("success");
}

test("whoever has a node replays all outcome tokens, and sees what is missing and what was changed", async () => {
  const { outcomeTokens, collateral } = stack.addresses;
  const first = await verify();
  expect([first.code, first.text]).toEqual([0, expect.stringContaining("nothing differs")]);
  has(first.text, "settled 2", "matches within both orders 1", "not looked at 0");

  // A choice among three, which nobody asked: its tokens are there all the same.
  const terms: Terms = {
    asker: userOf("Alice").address,
    schema: `0x${"11".repeat(32)}`,
    aggregation: "plurality",
    min: 0n,
    max: 2n,
    tolerance: 0n,
    opensAt: 1,
    deadline: 2,
    liveness: 30,
    reward: 0n,
    nonce: 1n,
    domain: 0,
    endsEarly: false,
    secures: 0n,
  };
  const id = questionId(terms);
  const chainTerms = termsToChain(terms);
  const approve = {
    abi: testDollarAbi,
    functionName: "approve",
    args: [outcomeTokens, 100_000_000n],
  } as const;
  await send("Alice", collateral, encodeFunctionData(approve));
  for (const data of [
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "splitAll", args: [chainTerms, 3_000_000n] }),
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "split", args: [id, 0, 2_000_000n] }),
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "split", args: [id, 1, 2_000_000n] }),
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "convert", args: [chainTerms, 3, 1_500_000n] }),
    encodeFunctionData({ abi: outcomeTokensAbi, functionName: "mergeAll", args: [chainTerms, 4_000_000n] }),
  ])
    await send("Alice", outcomeTokens, data);
  const chosen = await verify(id);
  expect([chosen.code, chosen.text]).toEqual([0, expect.stringContaining("nothing differs")]);
  // 3 and 4 came in, 1.5 and 4 went out.
  has(chosen.text, "collateral 1500000 held, 1500000 left of what came in, 1500000 owed at most");
  expect((await verify(`0x${"ef".repeat(32)}`)).code).toBe(3);

  const node = createTestClient({
    mode: "anvil",
    chain: stack.hub.definition.viem,
    transport: http(need(stack.hub.status().rpcs[0]?.name, "a node of the hub")),
  }).extend(walletActions);
  const before = await node.snapshot();
  await node.setBalance({ address: outcomeTokens, value: 10n ** 18n });
  await node.impersonateAccount({ address: outcomeTokens });
  const stolen = { abi: testDollarAbi, functionName: "transfer", args: [userOf("Bob").address, 1n] } as const;
  const hash = await node.sendTransaction({
    account: outcomeTokens,
    to: collateral,
    data: encodeFunctionData(stolen),
  });
  await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
  const missing = await verify();
  expect(missing.code).toBe(1);
  has(
    missing.text,
    "the contract holds 1499999, and 1500000 is left of what came in: 1 are missing",
    "1 differ",
  );
  await node.revert({ id: before });

  // Two tokens of Alice's in the place where the contract keeps them: a no of the first outcome more.
  const pair = BigInt(questionKeyOf(BigInt(id))) >> 1n;
  const ofPair = keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [pair, 1n]));
  const index = keccak256(
    encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [userOf("Alice").address, ofPair]),
  );
  const held = BigInt(
    (await stack.hub.client.getStorageAt({ address: outcomeTokens, slot: index })) ?? "0x0",
  );
  await node.setStorageAt({ address: outcomeTokens, index, value: toHex(held + (1n << 128n), { size: 32 }) });
  const changed = await verify(id);
  expect(changed.code).toBe(1);
  has(changed.text, "holds 500000 no of outcome 0 by the logs, and 500001 by the contract");
});

test("what is no number, or too fine for the money, is refused before anything is asked", async () => {
  const id = `0x${"ab".repeat(32)}`;
  expect((await outcome("order", id, "buyYes", "10", "1.2")).complaint).toContain("between 0 and 1");
  has(
    (await outcome("order", id, "hold", "10", "0.2")).complaint,
    "SIDE: wants one of buyYes, buyNo, sellYes, sellNo",
  );
  has(
    (await outcome("order", id, "buyYes", "-3", "0.6")).complaint,
    "TOKENS: wants a number that is not below 0",
  );
  const unknown = await outcome("split", id, "1", "--as", "Zoe");
  has(unknown.complaint, "no test account is called Zoe: there are ", "Alice", "Bob");
  expect((await outcome("split", id, "1")).complaint).toMatch(/oracle\.unknown|no question/);
});
