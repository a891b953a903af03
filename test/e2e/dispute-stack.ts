import { outcomeTokensAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { decodeSignerSet } from "@sooth/oracle/core";
import { buildWeb, loadConfig, startStack, type Stack } from "@sooth/server";
import { configureLogs } from "@sooth/runtime";
import { openStore, sql } from "@sooth/store";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { handoverOf } from "../../apps/ops/src/bench/answers-crowd.ts";
import { createTestClient, encodeFunctionData, http, type LocalAccount } from "viem";

/** Seconds; longer than a slow browser takes, and `advance` moves the clock past what is left of them. */
const WINDOWS = {
  epochSeconds: 10,
  seasoningSeconds: 2,
  rereportSeconds: 60,
  evidenceSeconds: 15,
  drawDelaySeconds: 3,
  commitSeconds: 600,
  revealSeconds: 600,
  appealSeconds: 600,
};
const ROOT = path.resolve(import.meta.dirname, "../..");
type Call = { to: Hex; data: Hex };
type Prepared = { calls: Call[] };
type Typed = Parameters<LocalAccount["signTypedData"]>[0];

export type DisputeStack = Awaited<ReturnType<typeof startDisputeStack>>;

/**
 * A laptop whose juries sit for minutes, on sources that say 2,400 of what four providers and twelve jurors read.
 * @param settings besides those that all of these tests want
 */
export async function startDisputeStack(settings: Readonly<Record<string, string>> = {}) {
  configureLogs({ level: "warn" });
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-e2e-disputes-"));
  let lateIsDown = true;
  const source = createServer((request, response) => {
    if (lateIsDown && request.url?.startsWith("/late")) response.statusCode = 503;
    response.end('{"close":"2400"}');
  });
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  const stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: folder,
      SOOTH_PORT: "0",
      PROVIDER_ALLOWED_ORIGINS: origin,
      MARKETS_KEEPER: "on",
      ...settings,
    }),
    freePorts: true,
    durable: false,
    exchanges: false,
    params: WINDOWS,
    webFolder: () => buildWeb(ROOT, () => {}),
  });
  const node = createTestClient({ mode: "anvil", transport: http(at(stack.config.HUB_RPC_URLS, 0)) });
  /** Moves the chain's clock on. */
  const advance = async (seconds: number): Promise<void> => {
    await node.increaseTime({ seconds });
    await node.mine({ blocks: 1 });
  };
  return {
    url: stack.url,
    sources: ["a", "b", "c"].map((name) => ({ name, url: `${origin}/${name}`, path: "close", unit: "USD" })),
    ...acting(stack),
    /** Down until `lateIsBack`. They name the moment, so that what they say of it later counts as well. */
    lateSources: ["a", "b", "c"].map((name) => ({
      name,
      url: `${origin}/late/${name}?at={observeAt}`,
      path: "close",
      unit: "USD",
    })),
    lateIsBack: (): void => void (lateIsDown = false),
    rereportSeconds: WINDOWS.rereportSeconds,
    appealSeconds: WINDOWS.appealSeconds,
    advance,
    /** Moves the clock past the time in which an answer can be disputed: twice as long where some who may sign did not. */
    endWindow: async (question: string): Promise<void> => {
      const { finalizeAt } = await ask<{ finalizeAt: number }>(stack.url, `/v1/questions/${question}`);
      await advance(Math.max(finalizeAt - (await stack.hub.now()), 0) + 1);
    },
    remove: async (): Promise<void> => {
      await stack.stop();
      source.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function acting(stack: Stack) {
  const accounts = need(stack.accounts, "a laptop's accounts");
  const user = (name: string): LocalAccount =>
    need(
      accounts.users.find((each) => each.name === name),
      name,
    ).account;
  const post = <T>(where: string, body: unknown): Promise<T> => ask<T>(stack.url, where, body);
  const send = async (account: LocalAccount, calls: readonly Call[]): Promise<void> => {
    for (const { to, data } of calls) {
      const hash = await walletOf(stack.hub, account).sendTransaction({ to, data });
      const { status } = await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
      if (status !== "success") throw new Error(`${hash} was reverted`);
    }
  };
  const held = (owner: Hex): Promise<bigint> =>
    stack.hub.client.readContract({
      address: stack.addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [owner],
    });
  return {
    user,
    now: () => stack.hub.now(),
    get: <T>(where: string): Promise<T> => ask<T>(stack.url, where),
    send,
    /** Asks, and opens a market on it where stakes are named: what each user puts on the outcome of his place. */
    open: async (
      asker: LocalAccount,
      schema: object,
      o: Opening,
    ): Promise<{ question: Hex; market?: Hex }> => {
      const { opensAt, liveness, stakes = [], within = 900, endsEarly = false } = o;
      const asked = await post<Prepared & { id: Hex }>("/v1/questions/prepare", {
        schema: { version: 1, observeAt: opensAt, ...schema },
        opensAt,
        deadline: opensAt + within,
        liveness,
        reward: "1000000",
        endsEarly,
        asker: asker.address,
      });
      await send(asker, asked.calls);
      if (stakes.length === 0) return { question: asked.id };
      const market = await until("the question", 30, () =>
        post<Prepared & { id: Hex }>("/v1/markets/prepare", {
          question: asked.id,
          creator: asker.address,
          closesAt: opensAt - 1,
          feeBps: 0,
        }),
      );
      await send(asker, market.calls);
      for (const [outcome, owner] of stakes.entries()) {
        const stake = await until("the market", 30, () =>
          post<Prepared>(`/v1/markets/${market.id}/stakes/prepare`, {
            owner: owner.address,
            outcome,
            amount: "100000000",
          }),
        );
        await send(owner, stake.calls);
      }
      return { question: asked.id, market: market.id };
    },
    /** Puts a statement up that closes then, with what these say of it, each for ten dollars. */
    putUp: async (
      creator: LocalAccount,
      statement: string,
      o: { closesAt: number; said: readonly { owner: LocalAccount; text: string; band: number }[] },
    ): Promise<Hex> => {
      const { closesAt, said } = o;
      const { HUB_CHAIN_ID: chainId } = stack.config;
      const { opinions: address } = stack.addresses;
      const asked = await post<Prepared & { id: Hex }>("/v1/questions/prepare", {
        schema: {
          version: 1,
          text: `What do the opinions on this statement come to? “${statement}”`,
          kind: "score",
          decimals: 2,
          unit: "points",
          observeAt: closesAt,
          tolerance: "5",
          sources: [{ type: "opinions", name: "opinions", unit: "points", chainId, address }],
        },
        opensAt: closesAt,
        deadline: closesAt + 900,
        liveness: 60,
        reward: "1000000",
        secures: "1000000000",
        asker: creator.address,
      });
      await send(creator, asked.calls);
      const market = await until("the question", 30, () =>
        post<Prepared & { id: Hex }>("/v1/opinion-markets/prepare", {
          question: asked.id,
          creator: creator.address,
          statement,
          rubric: "Clarity, insight, reasoning.",
          closesAt,
          revealSeconds: 0,
          quietSeconds: 0,
          feeBps: 100,
          prizeBps: 1_000,
          prizes: 1,
          minConfidence: 0,
          rule: "fourth",
          leastStake: "500000",
          mostStake: "500000000",
          quietMost: "500000000",
        }),
      );
      await send(creator, market.calls);
      for (const { owner, text, band } of said) {
        const { sha256: opinion } = await post<{ sha256: Hex }>("/v1/content", { text });
        const stake = await until("the market", 30, () =>
          post<Prepared>(`/v1/opinion-markets/${market.id}/opinions/prepare`, {
            owner: owner.address,
            amount: "10000000",
            opinion,
            band,
          }),
        );
        await send(owner, stake.calls);
      }
      return market.id;
    },
    /** Hands in what these of the four providers say, as people do whose nodes do not tell. */
    handIn: async (question: Hex, value: string, which: readonly number[]): Promise<void> => {
      const { oracle, stakeManager } = stack.addresses;
      const domain = { chainId: stack.config.HUB_CHAIN_ID, oracle };
      const manager = { address: stakeManager, abi: stakeManagerAbi } as const;
      const [, epoch] = await stack.hub.client.readContract({
        ...manager,
        functionName: "signerSet",
        args: [0],
      });
      for (const index of which) {
        const { signer: account } = at(accounts.providers, index);
        await post("/v1/reports", await handoverOf(domain, { account }, { question, value, epoch }));
      }
    },
    /** As if every text had come so much earlier, by the clock of the database, which nobody moves. */
    textsCameBefore: async (seconds: number): Promise<void> => {
      const url = need(stack.config.DATABASE_URL, "a laptop's database");
      const store = openStore({ url, applicationName: "e2e" });
      try {
        await sql`update markets.contents set at = at - make_interval(secs => ${seconds})`.execute(store.db);
      } finally {
        await store.close();
      }
    },
    /** Gives `account` what the providers and another user can spare, and has it stake all but a thousand on jury duty. */
    seatOnJuries: async (account: LocalAccount, signer: LocalAccount): Promise<void> => {
      const token = { address: stack.addresses.collateral, abi: testDollarAbi } as const;
      const balanceOf = (owner: Hex) =>
        stack.hub.client.readContract({ ...token, functionName: "balanceOf", args: [owner] });
      for (const giver of [...accounts.providers.map(({ owner }) => owner), user("Frank")]) {
        const args = [account.address, await balanceOf(giver.address)] as const;
        await send(giver, [
          { to: token.address, data: encodeFunctionData({ ...token, functionName: "transfer", args }) },
        ]);
      }
      const stake = String((await balanceOf(account.address)) - 1_000_000_000n);
      const asked = { owner: account.address, signer: signer.address, stake, domains: [] };
      const { possession } = await post<{ possession: Typed }>("/v1/providers/prepare/join", asked);
      const shown = await need(signer.signTypedData, "a signer")(possession);
      const join = await post<Prepared>("/v1/providers/prepare/join", { ...asked, possession: shown });
      await send(account, join.calls);
      const duty = await until("the stake", 30, () =>
        post<Prepared>("/v1/providers/prepare/juror", { owner: account.address, willing: true }),
      );
      await send(account, duty.calls);
      await until("a snapshot with the new juror in it", 90, async () => {
        const manager = { address: stack.addresses.stakeManager, abi: stakeManagerAbi } as const;
        const [blob, epoch] = await stack.hub.client.readContract({ ...manager, functionName: "jurorSet" });
        if (epoch === 0) return false;
        const { seats } = decodeSignerSet(epoch, await stack.hub.client.getCode({ address: blob }));
        return seats.some((seat) => seat.signer.toLowerCase() === signer.address.toLowerCase());
      });
    },
    balanceOf: (owner: LocalAccount): Promise<bigint> => held(owner.address),
    /** What the contract of opinion markets has. */
    heldByOpinions: (): Promise<bigint> => held(stack.addresses.opinions),
    /** So many of yes and of no, out of the owner's collateral. */
    split: (owner: LocalAccount, question: Hex, amount: bigint): Promise<void> => {
      const { collateral, outcomeTokens } = stack.addresses;
      const allowed = { abi: testDollarAbi, functionName: "approve", args: [outcomeTokens, amount] } as const;
      const made = { abi: outcomeTokensAbi, functionName: "split", args: [question, 0, amount] } as const;
      return send(owner, [
        { to: collateral, data: encodeFunctionData(allowed) },
        { to: outcomeTokens, data: encodeFunctionData(made) },
      ]);
    },
  };
}

/** `within`: seconds to report. */
type Opening = {
  opensAt: number;
  liveness: number;
  stakes?: readonly LocalAccount[];
  within?: number;
  endsEarly?: boolean;
};

async function ask<T>(url: string, where: string, body?: unknown): Promise<T> {
  const json = { method: "POST", headers: { "content-type": "application/json" } };
  const request = body === undefined ? {} : { ...json, body: JSON.stringify(body) };
  const response = await fetch(new URL(where, url), request);
  const said = (await response.json()) as T;
  if (!response.ok) throw new Error(`${where}: ${JSON.stringify(said)}`);
  return said;
}

/** What `look` finds, as soon as it finds anything. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
