import { opinionsAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import { at, type Hex, need } from "@sooth/kernel";
import { ensureJoined, type OpinionAnalyst, runProvider } from "@sooth/oracle";
import { termsFromWire, termsToChain } from "@sooth/oracle/core";
import { logger } from "@sooth/runtime";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTestClient, encodeFunctionData, http, type LocalAccount, sha256, stringToHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { loadConfig } from "../src/config.ts";
import { startStack, type Stack } from "../src/stack.ts";

const log = logger("opinions-test");
/** `Ending.None` of ResultWord.sol: not scored. */
const UNSCORED = 0;
type Terms = Parameters<typeof termsFromWire>[0];
type Provider = { signer: LocalAccount; analyst: OpinionAnalyst };

/** An opinion market that was put up: how its opinions are staked, and how it is scored. */
export type PutUp = {
  question: Hex;
  stake(account: LocalAccount, opinion: { text: string; band: number }): Promise<void>;
  /** What the contract says once the score of the final answer is written down; the platform's keeper does that. */
  scored(): Promise<{ ending: number; score: number; total: bigint }>;
};

/** A laptop without providers of its own: a test brings them, with whatever analysts it likes. */
export type OpinionStage = {
  stack: Stack;
  api<T>(method: "GET" | "POST", where: string, body?: unknown): Promise<T>;
  /** A new account with gas and test dollars that the markets of opinions may take. */
  person(): Promise<LocalAccount>;
  fuel(account: Hex): Promise<void>;
  /** Sets the chain's clock on. What must be done before is done by then, however long it took. */
  turnTo(timestamp: number): Promise<void>;
  until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T>;
  /** One more than the laptop's four providers. */
  fifthSigner(): Promise<LocalAccount>;
  provide(providers: readonly Provider[]): void;
  putUp(
    asker: LocalAccount,
    o: {
      statement: string;
      closesAt: number;
      families?: number;
      confidence?: number;
      liveness?: number;
      watcher?: Hex;
    },
  ): Promise<PutUp>;
  close(): Promise<void>;
};

const until: OpinionStage["until"] = async (what, seconds, look) => {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
};

/** @param env settings besides where its data lies */
export async function openOpinionStage(env: Record<string, string> = {}): Promise<OpinionStage> {
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-opinions-"));
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: folder, SOOTH_PORT: "0", ...env }),
    freePorts: true,
    durable: false,
    exchanges: false,
    providers: [],
    params: { epochSeconds: 5, seasoningSeconds: 2 },
  });
  const { hub, addresses, startBlock } = stack;
  const node = createTestClient({
    mode: "anvil",
    chain: hub.definition.viem,
    transport: http(at(stack.config.HUB_RPC_URLS, 0)),
  });
  const send = async (account: LocalAccount, to: Hex, data: Hex): Promise<void> => {
    const hash = await walletOf(hub, account).sendTransaction({ to, data });
    const receipt = await hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    if (receipt.status !== "success") throw new Error(`${hash} reverted`);
  };
  const api: OpinionStage["api"] = async (method, where, body) => {
    const response = await fetch(new URL(where, stack.url), {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const said = await response.json();
    if (!response.ok) throw new Error(`${where}: ${JSON.stringify(said)}`);
    return said as never;
  };
  const fuel = (address: Hex) => node.setBalance({ address, value: 10n ** 18n });
  const person = async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    await fuel(account.address);
    const token = { abi: testDollarAbi } as const;
    const approved = [addresses.opinions, 1_000_000_000n] as const;
    for (const data of [
      encodeFunctionData({ ...token, functionName: "faucet", args: [account.address] }),
      encodeFunctionData({ ...token, functionName: "approve", args: approved }),
    ])
      await send(account, addresses.collateral, data);
    return account;
  };
  const putUp: OpinionStage["putUp"] = async (asker, o) => {
    const { statement, closesAt, families, confidence, liveness = 20, watcher } = o;
    const asked = await api<{ id: Hex; terms: Terms; calls: { to: Hex; data: Hex }[] }>(
      "POST",
      "/v1/questions/prepare",
      {
        schema: {
          version: 1,
          text: `How far do the opinions support it: ${statement}?`,
          kind: "score",
          decimals: 2,
          observeAt: closesAt,
          tolerance: "5",
          sources: [
            {
              type: "opinions",
              name: "opinions",
              unit: "points",
              chainId: hub.definition.id,
              address: addresses.opinions,
              families,
              confidence,
            },
          ],
        },
        opensAt: closesAt,
        deadline: closesAt + 600,
        liveness,
        reward: "1000000",
        secures: "1000000000",
        asker: asker.address,
        watcher,
      },
    );
    for (const { to, data } of asked.calls) await send(asker, to, data);
    const terms = {
      question: asked.id,
      statement: sha256(stringToHex(statement)),
      rubric: `0x${"00".repeat(32)}` as Hex,
      creator: asker.address,
      closesAt,
      revealSeconds: 0,
      quietSeconds: 0,
      feeBps: 0,
      prizeBps: 0,
      prizes: 1,
      minConfidence: 5_000,
      rule: 2,
      leastStake: 1_000_000,
      mostStake: 100_000_000,
      quietMost: 100_000_000,
    } as const;
    const contract = { address: addresses.opinions, abi: opinionsAbi } as const;
    const announced = [terms, termsToChain(termsFromWire(asked.terms)), statement] as const;
    const announce = encodeFunctionData({ ...contract, functionName: "announce", args: announced });
    await send(asker, addresses.opinions, announce);
    const [hash, door] = await Promise.all([
      hub.client.readContract({ ...contract, functionName: "termsHash", args: [terms] }),
      hub.client.readContract({ ...contract, functionName: "doorOf", args: [terms] }),
    ]);
    return {
      question: asked.id,
      async stake(account, { text, band }) {
        const { sha256: opinion } = await api<{ sha256: Hex }>("POST", "/v1/content", { text });
        const args = [hash, door, band, 10_000_000, opinion] as const;
        const data = encodeFunctionData({ ...contract, functionName: "stake", args });
        await send(account, addresses.opinions, data);
      },
      async scored() {
        const market = await hub.client.readContract({
          ...contract,
          functionName: "marketOf",
          args: [asked.id],
        });
        // Who sends it beside the keeper is refused by the contract, or has the keeper refused: either way, a race.
        return until("a score on the chain", 120, async () => {
          const [ending, score, , total] = await hub.client.readContract({
            ...contract,
            functionName: "resultOf",
            args: [market],
          });
          return ending !== UNSCORED && { ending, score, total };
        });
      },
    };
  };
  return {
    stack,
    api,
    until,
    fuel,
    async turnTo(timestamp) {
      await turnClock(node, timestamp);
    },
    person,
    putUp,
    async fifthSigner() {
      const fifth = { owner: await person(), signer: privateKeyToAccount(generatePrivateKey()) };
      await ensureJoined({ chain: hub, addresses, ...fifth, stake: 1_000_000_000n });
      await until("an epoch with five seats", 60, async () => {
        const set = await hub.client.readContract({
          address: addresses.stakeManager,
          abi: stakeManagerAbi,
          functionName: "providerOf",
          args: [fifth.owner.address],
        });
        const { items } = await api<{ items: { seat: number | null }[] }>("GET", "/v1/providers");
        return set.state !== 0 && items.filter(({ seat }) => seat !== null).length === 5;
      });
      return fifth.signer;
    },
    provide(providers) {
      for (const { signer, analyst } of providers)
        running.push(
          runProvider({
            hub,
            addresses,
            fromBlock: startBlock,
            account: signer,
            apiUrl: stack.url,
            allowedOrigins: [],
            opinions: { analyst, gateways: [`${stack.url}/v1/content/{sha256}`] },
            signal: stop.signal,
            log,
          }),
        );
    },
    async close() {
      stop.abort();
      await Promise.all(running);
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Signing keys of the laptop's four providers. */
export const laptopSigners = ({ stack }: OpinionStage): LocalAccount[] =>
  need(stack.accounts, "a laptop's accounts").providers.map(({ signer }) => signer);
