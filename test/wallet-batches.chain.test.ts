import { marketsAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import { deployTestAccount, testAccountAddress } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import type { Hex } from "@sooth/kernel";
import {
  questionId,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
  termsToWire,
} from "@sooth/oracle/core";
import {
  type Account,
  type Chain,
  createClient,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  encodeFunctionData,
  http,
  type LocalAccount,
  type PublicClient,
  publicActions,
} from "viem";
import { encodeExecuteData } from "viem/experimental/erc7821";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../apps/web/src/api.ts";
import {
  abilitiesOf,
  type Connected,
  type Handed,
  isDeclined,
  sendBatch,
} from "../apps/web/src/features/wallet/batches.ts";
import { testBatches } from "../apps/web/src/features/wallet/test-batches.ts";
import { openOnStage, type StagedMarket, yesNo } from "../packages/markets/test/staged-market.ts";
import { DOLLAR, HUB, openStage, type Stage } from "../packages/markets/test/stage.ts";

const PATIENCE_MS = 4_000;
const OTHER_CHAIN = 31_338;
const MORE_THAN_HE_HAS = 1_000_000n * DOLLAR;

let stage: Stage;
let chain: Chain;
let reader: PublicClient;
let market: StagedMarket;
let trader: LocalAccount;

beforeAll(async () => {
  stage = await openStage();
  const { rpcUrl } = stage;
  chain = defineChain({ ...stage.hub.definition.viem, rpcUrls: { default: { http: [rpcUrl] } } });
  reader = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 50 });
  await deployTestAccount(stage.hub, devAccount(0));
  market = await openOnStage(stage, yesNo());
});
beforeEach(async () => {
  trader = await stage.trader();
});
afterAll(() => stage?.close());

type Asked = { method: string; params?: unknown };
type Answer = (asked: Asked, honest: () => Promise<unknown>) => unknown;
type Lies = Record<string, Answer>;
const refusing = (code: number) => () => {
  throw Object.assign(new Error("no"), { code });
};

/** The laptop's test wallet of `trader`, but for what it lies about. `asked` holds every request. */
function walletOf(lies: Lies = {}) {
  const asked: Asked[] = [];
  const honest = testBatches(trader, [chain], testAccountAddress);
  const node = createClient({ chain, transport: http(stage.rpcUrl) });
  const request = async (one: Asked): Promise<unknown> => {
    asked.push(one);
    const answer = () => honest(one) ?? (node.request(one as never) as Promise<unknown>);
    return lies[one.method] ? lies[one.method]?.(one, answer) : answer();
  };
  const client = createClient({
    account: trader as Account,
    chain,
    transport: custom({ request }, { retryCount: 0 }),
  });
  const sendings = () => asked.filter(({ method }) => method === "wallet_sendCalls");
  return { client: client as Connected, sendings };
}

const approve = (amount: bigint): Call => ({
  chainId: HUB,
  to: stage.addresses.collateral,
  data: encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [stage.addresses.markets, amount],
  }),
  value: "0",
  purpose: "Let the markets take the stake",
});
const stake = (amount: bigint): Call => ({
  chainId: HUB,
  to: stage.addresses.markets,
  data: encodeFunctionData({ abi: marketsAbi, functionName: "stake", args: [market.id, 1, amount] }),
  value: "0",
  purpose: "Stake",
});
const both = (amount = 5n * DOLLAR): Call[] => [approve(amount), stake(amount)];
const send = (
  client: Connected,
  calls = both(),
  handed: Handed = { sent: 0 },
  over: { reader?: PublicClient; paymaster?: string } = {},
) =>
  sendBatch(
    client,
    over.reader ?? reader,
    { calls, paymaster: over.paymaster, patienceMs: PATIENCE_MS },
    handed,
    () => {},
  );
const staked = () =>
  reader.readContract({
    address: stage.addresses.markets,
    abi: marketsAbi,
    functionName: "positionOf",
    args: [market.id, 1, trader.address],
  });
const allowance = () =>
  reader.readContract({
    address: stage.addresses.collateral,
    abi: testDollarAbi,
    functionName: "allowance",
    args: [trader.address, stage.addresses.markets],
  });
const receiptsOf = (hash: Hex) => [
  { transactionHash: hash, status: "0x1", blockNumber: "0x1", blockHash: hash, gasUsed: "0x1", logs: [] },
];
/** What a wallet says of a batch, whatever became of it. */
const saying =
  (status: number, hash?: Hex, chainId = HUB) =>
  () => ({
    version: "2.0.0",
    id: "0x01",
    chainId: `0x${chainId.toString(16)}`,
    status,
    atomic: true,
    receipts: hash === undefined ? [] : receiptsOf(hash),
  });
const refusal = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => "sent",
    (error: unknown) => String((error as { code?: unknown }).code),
  );

const able = () => ({ "0x7a69": { atomic: { status: "ready" }, paymasterService: { supported: true } } });
const took = () => ({ id: "0x01" });
/** A node that cannot try out several calls. */
const oneAtATime = async (asked: Asked): Promise<unknown> =>
  asked.method === "eth_simulateV1" ? refusing(-32_601)() : reader.request(asked as never);

describe("an allowance and a stake, in one", () => {
  test("one transaction does both, and the account's code comes with its first", async () => {
    const { client, sendings } = walletOf();
    expect(await abilitiesOf(client, undefined)).toEqual({ atomic: true, sponsored: false });
    const states: string[] = [];
    const batch = { calls: both(), paymaster: undefined };
    const hash = await sendBatch(client, reader, batch, { sent: 0 }, (state) => states.push(state));
    expect(states).toEqual(["checking", "signing", "mining", "done"]);
    expect(await staked()).toBe(5n * DOLLAR);
    expect(sendings()).toHaveLength(1);
    const { type, from, to, authorizationList } = await reader.getTransaction({ hash: hash ?? "0x" });
    expect([type, from, to]).toEqual(["eip7702", trader.address.toLowerCase(), trader.address.toLowerCase()]);
    expect(authorizationList).toHaveLength(1);
    // The second time it delegates already.
    const again = await send(client, both(DOLLAR));
    expect((await reader.getTransaction({ hash: again ?? "0x" })).type).not.toBe("eip7702");
    expect(await staked()).toBe(6n * DOLLAR);
  });

  test("a question and the market on it stand after one transaction, prepared before either did", async () => {
    const opensAt = (await stage.now()) + 600;
    const { id, terms, text } = plannedQuestion(trader.address, opensAt);
    const prepare = async (asking?: object) => {
      const payload = { question: id, creator: trader.address, closesAt: opensAt, feeBps: 100, asking };
      const reply = await stage.app.inject({ method: "POST", url: "/v1/markets/prepare", payload });
      return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
    };
    const wire = termsToWire(terms);
    const known = { terms: wire, schemaText: text };
    expect(await prepare()).toMatchObject({
      status: 404,
      body: { error: { code: "markets.unknown_question" } },
    });
    // What is told of it has to be that question, to the last word and number.
    for (const other of [
      { ...known, schemaText: text.replace("Will", "Did") },
      { ...known, terms: { ...wire, reward: "1" } },
      { ...known, terms: { ...wire, max: String(2n ** 200n) } },
    ])
      expect(await prepare(other)).toMatchObject({
        status: 400,
        body: { error: { code: "markets.bad_terms" } },
      });
    const { status, body } = await prepare(known);
    expect(status).toBe(200);
    const prepared = body as { id: Hex; calls: Call[] };
    const ask: Call = {
      chainId: HUB,
      to: stage.addresses.oracle,
      data: encodeFunctionData({ abi: oracleAbi, functionName: "ask", args: [termsToChain(terms), text] }),
      value: "0",
      purpose: "Ask",
    };
    const { client, sendings } = walletOf();
    await send(client, [ask, ...prepared.calls]);
    expect(sendings()).toHaveLength(1);
    await stage.followed();
    const opened = await stage.app.inject({ method: "GET", url: `/v1/markets/${prepared.id}` });
    expect(JSON.parse(opened.body)).toMatchObject({ id: prepared.id, status: "trading", question: { id } });
  });

  test("nobody but the account itself makes it do anything", async () => {
    await send(walletOf().client);
    const thief = await stage.trader();
    const data = encodeExecuteData({
      calls: [
        {
          to: stage.addresses.collateral,
          data: encodeFunctionData({
            abi: testDollarAbi,
            functionName: "transfer",
            args: [thief.address, DOLLAR],
          }),
        },
      ],
    });
    await expect(reader.call({ account: thief.address, to: trader.address, data })).rejects.toThrow(/revert/);
  });

  test("a block that refuses the stake takes back the allowance too", async () => {
    const client = createWalletClient({ account: trader, chain, transport: http(stage.rpcUrl) }).extend(
      publicActions,
    );
    const calls = both(MORE_THAN_HE_HAS).map(({ to, data }) => ({ to: to as Hex, data: data as Hex }));
    const contractAddress = testAccountAddress;
    const hash = await client.sendTransaction({
      to: trader.address,
      data: encodeExecuteData({ calls }),
      authorizationList: [await client.signAuthorization({ contractAddress, executor: "self" })],
      gas: 500_000n,
    });
    expect((await client.waitForTransactionReceipt({ hash })).status).toBe("reverted");
    expect([await allowance(), await staked()]).toEqual([0n, 0n]);
  });

  test("what a contract would refuse never reaches the wallet, and is said in its words", async () => {
    const { client, sendings } = walletOf();
    await expect(send(client, both(1n))).rejects.toThrow(/Markets_StakeTooSmall|revert/);
    expect(sendings()).toEqual([]);
    expect(await allowance()).toBe(0n);
  });

  test("a signed stake of an account with code is taken as before", async () => {
    await send(walletOf().client, both(DOLLAR));
    const says = await reader.readContract({
      address: trader.address,
      abi: [
        {
          type: "function",
          name: "isValidSignature",
          stateMutability: "view",
          inputs: [{ type: "bytes32" }, { type: "bytes" }],
          outputs: [{ type: "bytes4" }],
        },
      ],
      functionName: "isValidSignature",
      args: [market.id, await (trader.sign?.({ hash: market.id }) ?? "0x")],
    });
    expect(says).toBe("0x1626ba7e");
  });
});

describe("a wallet that cannot", () => {
  test.each([
    ["knows no such method", -32_601],
    ["does none on this chain", 5_710],
    ["whose owner wants no upgrade", 5_750],
    ["does not do all or none", 5_760],
  ])("one that %s is handed nothing", async (_, code) => {
    const handed: Handed = { sent: 0 };
    const { client } = walletOf({ wallet_sendCalls: refusing(code) });
    expect(await send(client, both(), handed)).toBeUndefined();
    expect([handed, await allowance(), await staked()]).toEqual([{ sent: 0 }, 0n, 0n]);
  });

  test("what its owner declines is declined, and not sent another way", async () => {
    const thrown = await send(walletOf({ wallet_sendCalls: refusing(4_001) }).client).catch(
      (error: unknown) => error,
    );
    expect(isDeclined(thrown)).toBe(true);
  });

  test.each([
    ["that knows no such question", refusing(-32_601)],
    ["that never answers", () => new Promise(() => {})],
    ["that answers nonsense", () => ({ "0x7a69": null })],
    ["that does none here", () => ({ "0x7a69": { atomic: { status: "unsupported" } } })],
    ["that speaks of another chain", () => ({ "0x1": { atomic: { status: "supported" } } })],
  ])("one %s can nothing", async (_, answer) => {
    const { client } = walletOf({ wallet_getCapabilities: answer });
    expect(await abilitiesOf(client, "https://pays.example")).toEqual({ atomic: false, sponsored: false });
  });
});

describe("a paymaster", () => {
  const PAYS = "https://pays.example/1";

  test("is one where the deployment names it and the wallet knows such services", async () => {
    const { client } = walletOf({ wallet_getCapabilities: able });
    expect(await abilitiesOf(client, PAYS)).toEqual({ atomic: true, sponsored: true });
    expect(await abilitiesOf(client, undefined)).toEqual({ atomic: true, sponsored: false });
  });

  test("is offered, and a wallet that does without it still sends", async () => {
    const { client, sendings } = walletOf();
    await send(client, both(), { sent: 0 }, { paymaster: PAYS });
    const [sending] = sendings();
    const [asked] = (sending as { params: [{ capabilities: unknown; atomicRequired: boolean }] }).params;
    expect(asked.capabilities).toEqual({ paymasterService: { url: PAYS, optional: true } });
    expect(asked.atomicRequired).toBe(true);
    expect(await staked()).toBe(5n * DOLLAR);
  });
});

describe("a wallet that lies", () => {
  const MADE_UP: Hex = `0x${"ab".repeat(32)}`;

  test("says that it is done, and sent nothing", async () => {
    const { client } = walletOf({ wallet_sendCalls: took, wallet_getCallsStatus: saying(200, MADE_UP) });
    expect(await refusal(send(client))).toBe("wallet.batch_unproven");
    const silent = walletOf({ wallet_sendCalls: took, wallet_getCallsStatus: saying(200) });
    expect(await refusal(send(silent.client))).toBe("wallet.batch_unproven");
  });

  test("shows an older transaction that did the same", async () => {
    const old = await send(walletOf().client);
    const { client } = walletOf({ wallet_sendCalls: took, wallet_getCallsStatus: saying(200, old) });
    expect(await refusal(send(client))).toBe("wallet.batch_unproven");
    expect(await staked()).toBe(5n * DOLLAR);
  });

  test("sends the allowance alone", async () => {
    let hash: Hex | undefined;
    const part = testBatches(trader, [chain], testAccountAddress);
    const { client } = walletOf({
      wallet_sendCalls: async ({ method, params }) => {
        const [asked] = params as [{ calls: unknown[] }];
        const sent = (await part({ method, params: [{ ...asked, calls: asked.calls.slice(0, 1) }] })) as {
          id: Hex;
        };
        hash = sent.id;
        return sent;
      },
      wallet_getCallsStatus: () => saying(200, hash)(),
    });
    expect(await refusal(send(client))).toBe("wallet.batch_unproven");
    expect([await allowance(), await staked()]).toEqual([5n * DOLLAR, 0n]);
  });

  test("stakes for itself in place of its owner", async () => {
    const other = await stage.trader();
    const hash = await sendFor(other);
    const { client } = walletOf({ wallet_sendCalls: took, wallet_getCallsStatus: saying(200, hash) });
    // Sent after the trial, as far as the page can tell.
    const handed: Handed = { sent: 0 };
    const before = createPublicClient({ chain, transport: http(stage.rpcUrl) });
    before.getBlockNumber = async () => 0n;
    expect(await refusal(send(client, both(), handed, { reader: before as PublicClient }))).toBe(
      "wallet.batch_unproven",
    );
  });

  test("is caught too where the page's node cannot try out several calls", async () => {
    const plain = createPublicClient({
      chain,
      transport: custom({ request: oneAtATime }),
      pollingInterval: 50,
    });
    const over = { reader: plain as PublicClient };
    const { client } = walletOf({ wallet_sendCalls: took, wallet_getCallsStatus: saying(200, MADE_UP) });
    expect(await refusal(send(client, both(), { sent: 0 }, over))).toBe("wallet.batch_unproven");
    await send(walletOf().client, both(), { sent: 0 }, over);
    expect(await staked()).toBe(5n * DOLLAR);
  });

  test("a node that fails just when it is asked to try has nothing sent, and less is not asked for later", async () => {
    const failing = createPublicClient({
      chain,
      transport: custom(
        {
          request: (asked: Asked) =>
            asked.method === "eth_simulateV1" ? refusing(-32_000)() : reader.request(asked as never),
        },
        { retryCount: 0 },
      ),
    });
    const { client, sendings } = walletOf();
    await expect(send(client, both(), { sent: 0 }, { reader: failing as PublicClient })).rejects.toThrow(
      /Details: no/,
    );
    expect([sendings(), await staked()]).toEqual([[], 0n]);
  });

  test("did a part: that is said, and trying again sends nothing", async () => {
    const { client, sendings } = walletOf({
      wallet_sendCalls: took,
      wallet_getCallsStatus: saying(600, MADE_UP),
    });
    const handed: Handed = { sent: 0 };
    expect(await refusal(send(client, both(), handed))).toBe("wallet.batch_partial");
    expect(await refusal(send(client, both(), handed))).toBe("wallet.batch_partial");
    expect(sendings()).toHaveLength(1);
  });

  test("sent it to another chain", async () => {
    const { client } = walletOf({
      wallet_sendCalls: took,
      wallet_getCallsStatus: saying(200, MADE_UP, OTHER_CHAIN),
    });
    expect(await refusal(send(client))).toBe("wallet.wrong_chain");
  });

  test("says nothing for long: trying again asks it again, and sends nothing twice", async () => {
    let quiet = true;
    const { client, sendings } = walletOf({
      wallet_getCallsStatus: async (_, honest) => {
        const told = (await honest()) as object;
        return quiet ? { ...told, status: 100, receipts: [] } : told;
      },
    });
    const handed: Handed = { sent: 0 };
    expect(await refusal(send(client, both(), handed))).toBe("wallet.batch_silent");
    quiet = false;
    await send(client, both(), handed);
    expect([sendings().length, await staked()]).toEqual([1, 5n * DOLLAR]);
  });

  test("forgets what it took: nothing is sent again", async () => {
    const { client, sendings } = walletOf({ wallet_getCallsStatus: refusing(5_730) });
    const handed: Handed = { sent: 0 };
    expect(await refusal(send(client, both(), handed))).toBe("wallet.batch_lost");
    expect(await refusal(send(client, both(), handed))).toBe("wallet.batch_lost");
    expect([sendings().length, await staked()]).toEqual([1, 5n * DOLLAR]);
  });
});

/** A question of this asker's that nobody has asked yet. */
function plannedQuestion(asker: Hex, opensAt: number) {
  const text = schemaText(yesNo({ text: "Will it be asked and opened at once?", observeAt: opensAt }));
  const terms: Terms = {
    asker,
    schema: schemaHash(text),
    aggregation: "plurality",
    min: 0n,
    max: 1n,
    tolerance: 0n,
    opensAt,
    deadline: opensAt + 600,
    liveness: 30,
    reward: 0n,
    nonce: 7n,
    domain: 0,
    endsEarly: false,
    secures: 0n,
  };
  return { id: questionId(terms), terms, text };
}

/** Somebody else's stake of the same amount on the same outcome. */
async function sendFor(other: LocalAccount): Promise<Hex> {
  const mine = trader;
  trader = other;
  const hash = await send(walletOf().client);
  trader = mine;
  return hash ?? "0x";
}
