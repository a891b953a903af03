import { marketsAbi, oracleAbi, slasherAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { walletOf } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import { at, type Hex, need } from "@sooth/kernel";
import { bitmapOf, packAgreed, reportTypedData, termsFromWire, termsToChain } from "@sooth/oracle/core";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTestClient, encodeFunctionData, http, type LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { startStack, type Stack } from "./stack.ts";

/** A whole laptop: no provider reports, so that whoever holds the keys of three says what he likes; twelve jurors sit. */
const folder = mkdtempSync(path.join(tmpdir(), "sooth-disputes-"));
/** What every source says, now: its urls name no moment. */
let close = "2400";
const source = createServer((_, response) => response.end(`{"close":"${close}"}`));
let stack: Stack;
let named: { name: string; url: string; path: string; unit: string }[];

beforeAll(async () => {
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  named = ["a", "b", "c"].map((name) => ({ name, url: `${origin}/${name}`, path: "close", unit: "USD" }));
  stack = await startStack({
    config: loadConfig({
      SOOTH_DATA_DIR: folder,
      SOOTH_PORT: "0",
      PROVIDER_ALLOWED_ORIGINS: origin,
      MARKETS_KEEPER: "on",
    }),
    freePorts: true,
    durable: false,
    exchanges: false,
    providers: [],
    params: {
      epochSeconds: 5,
      seasoningSeconds: 2,
      rereportSeconds: 5,
      evidenceSeconds: 6,
      drawDelaySeconds: 3,
      // Longer than a busy machine takes; `endPhases` turns the clock when every juror is done.
      commitSeconds: 60,
      revealSeconds: 60,
      appealSeconds: 6,
    },
  });
}, 180_000);
afterAll(async () => {
  await stack.stop();
  source.close();
  rmSync(folder, { recursive: true, force: true });
});

const accounts = () => need(stack.accounts, "a laptop's accounts");
const user = (name: string): LocalAccount =>
  need(
    accounts().users.find((each) => each.name === name),
    name,
  ).account;
async function api<T>(method: "GET" | "POST", where: string, body?: unknown): Promise<T> {
  const response = await fetch(new URL(where, stack.url), {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const said = (await response.json()) as T;
  if (!response.ok) throw new Error(`${where}: ${JSON.stringify(said)}`);
  return said;
}
async function until<T>(
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
type Call = { to: Hex; data: Hex };
async function send(account: LocalAccount, calls: readonly Call[]): Promise<void> {
  for (const { to, data } of calls) {
    const hash = await walletOf(stack.hub, account).sendTransaction({ to, data });
    const receipt = await stack.hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    expect(receipt.status).toBe("success");
  }
}

/** Sets the chain's clock on: nothing that must be done before is a matter of the machine's speed. */
const turnTo = (timestamp: number): Promise<void> => {
  const transport = http(at(stack.config.HUB_RPC_URLS, 0));
  return turnClock(createTestClient({ mode: "anvil", transport }), timestamp);
};
const HOUR = 3_600;

type Terms = Parameters<typeof termsFromWire>[0];
/** Asks whether ETH is at or above 2,300 (it is at 2,400), with a market on it that two have staked on. */
async function askWithMarket(
  judges: readonly LocalAccount[] = [],
): Promise<{ question: Hex; terms: Terms; market: Hex }> {
  const [alice, bob] = [user("Alice"), user("Bob")];
  const opensAt = (await stack.hub.now()) + HOUR;
  const asked = await api<{ id: Hex; terms: Terms; calls: Call[] }>("POST", "/v1/questions/prepare", {
    schema: {
      version: 1,
      text: "Is one ether worth 2,300 dollars or more?",
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      observeAt: opensAt,
      sources: named,
      rule: { type: "atLeast", threshold: "2300" },
    },
    opensAt,
    deadline: opensAt + 600,
    liveness: 120,
    reward: "1000000",
    asker: alice.address,
  });
  await send(alice, asked.calls);
  const market = await until("the question", 20, () =>
    api<{ id: Hex; calls: Call[] }>("POST", "/v1/markets/prepare", {
      question: asked.id,
      creator: alice.address,
      closesAt: opensAt - 1,
      feeBps: 0,
    }),
  );
  await send(alice, market.calls);
  for (const [outcome, account] of [alice, bob].entries()) {
    const stake = await until("the market", 20, () =>
      api<{ calls: Call[] }>("POST", `/v1/markets/${market.id}/stakes/prepare`, {
        owner: account.address,
        outcome,
        amount: "100000000",
      }),
    );
    await send(account, stake.calls);
  }
  // The API prepares none for who judges; the chain takes it from everybody.
  for (const account of judges) {
    const args = [stack.addresses.markets, 100_000_000n] as const;
    const approve = encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args });
    const stake = [market.id, 1, 100_000_000n] as const;
    const data = encodeFunctionData({ abi: marketsAbi, functionName: "stake", args: stake });
    await send(account, [
      { to: stack.addresses.collateral, data: approve },
      { to: stack.addresses.markets, data },
    ]);
  }
  await turnTo(opensAt + 1);
  return { question: asked.id, terms: asked.terms, market: market.id };
}

/** Three of four providers sign `value`, and anybody transmits it. */
async function answerAs({ question, terms }: { question: Hex; terms: Terms }, value: bigint): Promise<void> {
  const domain = { chainId: stack.hub.definition.id, oracle: stack.addresses.oracle };
  const { items } = await api<{ items: { signer: string; seat: number | null }[] }>("GET", "/v1/providers");
  const epoch = await signerEpoch();
  const colluders = accounts()
    .providers.slice(0, 3)
    .map(({ signer }) => signer);
  const reports = await Promise.all(
    colluders.map(async (signer) => ({
      seat: need(
        items.find((each) => each.signer.toLowerCase() === signer.address.toLowerCase())?.seat ?? undefined,
        "a seat",
      ),
      value,
      signature: await need(
        signer.signTypedData,
        "a signer",
      )(reportTypedData(domain, { question, value, epoch, round: 0 })),
    })),
  );
  const data = encodeFunctionData({
    abi: oracleAbi,
    functionName: "reportAgreed",
    args: [
      termsToChain(termsFromWire(terms)),
      epoch,
      value,
      bitmapOf(reports.map(({ seat }) => seat)),
      packAgreed(reports),
    ],
  });
  await send(user("Frank"), [{ to: stack.addresses.oracle, data }]);
}
async function signerEpoch(): Promise<number> {
  const [, epoch] = await stack.hub.client.readContract({
    address: stack.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "signerSet",
    args: [0],
  });
  return epoch;
}

type Dispute = {
  id: Hex;
  stage: string;
  outcome: string | null;
  juries: Hex[];
  deposits: { awarded: string | null; amount: string }[];
  ladder: { name: string; state: string }[];
};
/** Objects through the API, and waits until the ladder is done with it. */
async function objectTo(question: Hex, account: LocalAccount, claim: string): Promise<Dispute> {
  const prepared = await until("the answer", 20, () =>
    api<{ calls: Call[]; deposit: string; whenRight: string }>(
      "POST",
      `/v1/questions/${question}/disputes/prepare`,
      {
        account: account.address,
        claim,
      },
    ),
  );
  expect(prepared).toMatchObject({ deposit: "250000000", whenRight: "187500000", whenWrong: "0" });
  await send(account, prepared.calls);
  await until("disputed", 20, async () => {
    const found = await api<{ status: string; value: string | null }>("GET", `/v1/questions/${question}`);
    return found.status === "disputed" && found.value === null;
  });
  return until("the end of the dispute", 200, async () => {
    const { items } = await api<{ items: Dispute[] }>("GET", `/v1/disputes?question=${question}`);
    await Promise.all(items.flatMap(({ juries }) => juries).map(endPhases));
    return items.find(({ outcome }) => outcome !== null);
  });
}
type Batch = { posted: boolean; commitments: unknown[] };
/** Turns the clock to the end of the time to seal once every vote is sealed, and on the chain. */
async function endPhases(jury: Hex): Promise<void> {
  const [{ phase, commitEndsAt, jurors }, { items }] = await Promise.all([
    api<{ phase: string; commitEndsAt: number; jurors: { committed: boolean }[] }>(
      "GET",
      `/v1/juries/${jury}`,
    ),
    api<{ items: Batch[] }>("GET", `/v1/juries/${jury}/batches`),
  ]);
  const posted = items.filter((batch) => batch.posted).flatMap(({ commitments }) => commitments).length;
  const sealed = jurors.length > 0 && jurors.every(({ committed }) => committed);
  if (phase === "commit" && sealed && posted === jurors.length) await turnTo(commitEndsAt);
}
const creditOf = (account: string) =>
  stack.hub.client.readContract({
    address: stack.addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [account as Hex],
  });
const dollarsOf = (account: string) =>
  stack.hub.client.readContract({
    address: stack.addresses.collateral,
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [account as Hex],
  });
const jurorsReady = () =>
  until("a snapshot of twelve jurors", 60, async () => {
    const { items } = await api<{ items: { juror: boolean; seat: number | null }[] }>("GET", "/v1/providers");
    const [, jurorEpoch] = await stack.hub.client.readContract({
      address: stack.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "jurorSet",
    });
    const seated = items.filter(({ seat }) => seat !== null).length === 4;
    return seated && jurorEpoch > 0 && items.filter(({ juror }) => juror).length === 12;
  });

test(
  "three of four collude: a jury of nine overturns them, they are slashed, and the market pays by the truth",
  { timeout: 300_000 },
  async () => {
    await jurorsReady();
    const asked = await askWithMarket();
    await answerAs(asked, 0n);
    const [carol, bob] = [user("Carol"), user("Bob")];
    const before = await dollarsOf(bob.address);
    const dispute = await objectTo(asked.question, carol, "Yes");
    expect(dispute).toMatchObject({ outcome: "replace", deposits: [{ awarded: "187500000" }] });
    expect(dispute.ladder.map(({ name }) => name)).toEqual([
      "Answered",
      "Disputed",
      "Reported anew",
      "Jury of 9",
      "Decided",
    ]);
    expect(await creditOf(carol.address)).toBe(187_500_000n);

    const jury = await api<{
      choice: number;
      seed: Hex;
      votes: { claim: number };
      jurors: { committed: boolean }[];
    }>("GET", `/v1/juries/${at(dispute.juries, 0)}`);
    expect(jury).toMatchObject({ choice: 2, votes: { claim: 9, answer: 0, neither: 0 } });
    expect(jury.jurors.every(({ committed }) => committed)).toBe(true);

    const { items: slashes } = await until("three slashes", 20, async () => {
      const found = await api<{ items: { reason: string; amount: string; question: Hex }[] }>(
        "GET",
        "/v1/slashes",
      );
      return found.items.length === 3 && found;
    });
    // 2 % + 18 % * 3/4 of 5,000 dollars.
    for (const slash of slashes)
      expect(slash).toMatchObject({ reason: "overturned", amount: "775000000", question: asked.question });
    expect(await api("GET", `/v1/questions/${asked.question}`)).toMatchObject({
      status: "final",
      value: "1",
      label: "Yes",
    });
    // Bob staked on Yes, Alice on No: all of it is his, without his doing anything.
    await until("Bob's pay", 60, async () => (await dollarsOf(bob.address)) === before + 200_000_000n);
  },
);

test(
  "a frivolous dispute is lost: the answer stands, half of the deposit goes to who signed it",
  { timeout: 300_000 },
  async () => {
    const asked = await askWithMarket();
    await answerAs(asked, 1n);
    const dave = user("Dave");
    const owners = accounts()
      .providers.slice(0, 3)
      .map(({ owner }) => owner.address);
    const before = await Promise.all(owners.map(creditOf));
    const dispute = await objectTo(asked.question, dave, "No");
    expect(dispute).toMatchObject({ outcome: "uphold", deposits: [{ awarded: "0", amount: "250000000" }] });
    const gained = (await Promise.all(owners.map(creditOf))).map(
      (credit, index) => credit - at(before, index),
    );
    // 125 dollars among three, and what the reward's share brought since.
    for (const gain of gained) expect(gain).toBeGreaterThanOrEqual(41_666_666n);
    expect(await creditOf(dave.address)).toBe(0n);
    expect(await api("GET", `/v1/questions/${asked.question}`)).toMatchObject({
      status: "final",
      value: "1",
    });
  },
);

/** Jurors whose node keeps what it saw of a question. */
const sighted = (question: Hex): number =>
  globSync(path.join(folder, "providers", "*.sights")).filter((file) =>
    readFileSync(file, "utf8").includes(question),
  ).length;

test(
  "a source that moves after the answer: jurors vote what they saw, and who objects with what it says now loses his deposit",
  { timeout: 300_000 },
  async () => {
    await jurorsReady();
    const asked = await askWithMarket();
    await until("twelve jurors have looked", 60, async () => sighted(asked.question) === 12);
    await answerAs(asked, 1n);
    // Ten minutes of the world: whoever looks now sees less than 2,300.
    close = "2200";
    try {
      const erin = user("Erin");
      const dispute = await objectTo(asked.question, erin, "No");
      expect(dispute).toMatchObject({ outcome: "uphold", deposits: [{ awarded: "0", amount: "250000000" }] });
      const jury = await api<{ votes: { claim: number; answer: number; neither: number } }>(
        "GET",
        `/v1/juries/${at(dispute.juries, 0)}`,
      );
      expect(jury.votes).toMatchObject({ claim: 0, neither: 0 });
      expect(await creditOf(erin.address)).toBe(0n);
      expect(await api("GET", `/v1/questions/${asked.question}`)).toMatchObject({
        status: "final",
        value: "1",
        label: "Yes",
      });
    } finally {
      close = "2400";
    }
  },
);

/** So much more than the others that a jury without him is next to impossible; he may hold two seats of nine. */
async function outweigh(juror: LocalAccount): Promise<void> {
  const { collateral, stakeManager } = stack.addresses;
  const amount = 18_000_000_000n;
  for (const name of ["Frank", "Erin"]) {
    const args = [juror.address, 9_000_000_000n] as const;
    const data = encodeFunctionData({ abi: testDollarAbi, functionName: "transfer", args });
    await send(user(name), [{ to: collateral, data }]);
  }
  const calls: Call[] = [
    {
      to: collateral,
      data: encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args: [stakeManager, amount] }),
    },
    {
      to: stakeManager,
      data: encodeFunctionData({ abi: stakeManagerAbi, functionName: "addStake", args: [amount] }),
    },
  ];
  await send(juror, calls);
  const taken = encodeFunctionData({ abi: stakeManagerAbi, functionName: "takeJurors" });
  const { length } = await snapshots();
  // Anybody may have it taken, as soon as an epoch is over; the stake has seasoned by then.
  await until("a snapshot that knows of it", 60, async () => {
    if ((await snapshots()).length < length + 2)
      await send(user("Frank"), [{ to: stakeManager, data: taken }]);
    return (await snapshots()).length >= length + 2;
  });
}
const snapshots = () =>
  stack.hub.client.getContractEvents({
    address: stack.addresses.stakeManager,
    abi: stakeManagerAbi,
    eventName: "JurorsTaken",
    fromBlock: 0n,
  });
const stakeOf = async (owner: Hex) => {
  const { stake } = await stack.hub.client.readContract({
    address: stack.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "providerOf",
    args: [owner],
  });
  return stake;
};

test(
  "a juror with a stake in the market does not vote, is recused by whoever sees it, and pays nothing",
  { timeout: 300_000 },
  async () => {
    const juror = at(accounts().jurors, 0);
    await outweigh(juror);
    const asked = await askWithMarket([juror]);
    const before = await stakeOf(juror.address);
    await answerAs(asked, 1n);
    const dispute = await objectTo(asked.question, user("Dave"), "No");
    expect(dispute).toMatchObject({ outcome: "uphold" });
    type Seat = {
      signer: Hex;
      seats: number;
      choice: number | null;
      committed: boolean;
      fault: string | null;
    };
    const jury = await api<{ jurors: Seat[] }>("GET", `/v1/juries/${at(dispute.juries, 0)}`);
    const own = jury.jurors.find(({ signer }) => signer.toLowerCase() === juror.address.toLowerCase());
    expect(own).toMatchObject({ committed: false, choice: null, fault: null });
    expect(await stakeOf(juror.address)).toBe(before);
    // It is no quiet absence: the chain says why.
    const recused = await until("a recusal", 60, async () => {
      const found = await stack.hub.client.getContractEvents({
        address: stack.addresses.slasher,
        abi: slasherAbi,
        eventName: "Recused",
        args: { owner: juror.address },
        fromBlock: 0n,
        strict: true,
      });
      return found.length > 0 && found;
    });
    expect(recused.map(({ args }) => args.question)).toEqual([asked.question]);
  },
);
