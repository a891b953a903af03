import { marketsAbi, slasherAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import type { BlockRef } from "@sooth/chain";
import { at, type Hex } from "@sooth/kernel";
import { judgingAccounts, listEvents, ownPositions } from "@sooth/oracle";
import { reportTypedData } from "@sooth/oracle/core";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openOnStage, type StagedMarket, yesNo } from "../../test/staged-market.ts";
import { DOLLAR, HUB, openStage, type Stage } from "../../test/stage.ts";
import { positionPlace } from "../core/index.ts";
import { positionsHeldBy, sweepHeld } from "./held-positions.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(() => stage.close());

const STAKED = 1_000n * DOLLAR;
/** As anybody may on the chain, whatever the API says. */
async function stakeOnChain(account: LocalAccount, { id }: StagedMarket, outcome: number): Promise<void> {
  const { addresses } = stage;
  const args = [addresses.markets, DOLLAR] as const;
  const approve = encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args });
  await stage.send(account, addresses.collateral, approve);
  const stake = [id, outcome, DOLLAR] as const;
  const data = encodeFunctionData({ abi: marketsAbi, functionName: "stake", args: stake });
  await stage.send(account, addresses.markets, data);
  await stage.followed();
}
const stakeOf = async (owner: Hex): Promise<bigint> => {
  const { stake } = await stage.hub.client.readContract({
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "providerOf",
    args: [owner],
  });
  return stake;
};
/** One position a page and one page a block: all of them are looked at within so many blocks. */
const sweep = async (blocks = 8) => {
  const head = await headNow();
  for (let n = 0; n < blocks; n += 1) await sweepHeld(stage.deps, head, { atOnce: 1, pages: 1 });
};
const headNow = async (): Promise<BlockRef> => ({
  chainId: HUB,
  number: Number(await stage.hub.client.getBlockNumber({ cacheTime: 0 })),
  hash: "0x",
  timestamp: await stage.now(),
});
const shown = () => rows<{ key: string }>(stage.store.db, sql`select key from chain.outbox order by id`);
const own = (key: Hex) => ownPositions({ hub: stage.hub, addresses: stage.addresses, fromBlock: 0, key });

test("the API prepares no stake of a provider in what he may be asked", { timeout: 120_000 }, async () => {
  const market = await openOnStage(stage, yesNo());
  const ask = async (owner: Hex) => {
    const reply = await stage.app.inject({
      method: "POST",
      url: `/v1/markets/${market.id}/stakes/prepare`,
      payload: { owner, outcome: 1, amount: String(DOLLAR) },
    });
    return [reply.statusCode, (JSON.parse(reply.body) as { error?: { code: string } }).error?.code];
  };
  expect(await ask(at(stage.providers, 0).address)).toEqual([409, "markets.judges_this"]);
  expect(await ask((await stage.trader()).address)).toEqual([200, undefined]);
});

test(
  "who reports where he has a stake is found, shown and loses half; who only holds one is left alone",
  { timeout: 120_000 },
  async () => {
    const market = await openOnStage(stage, yesNo());
    const [reporter, silent] = [at(stage.providers, 1), at(stage.providers, 3)];
    await stakeOnChain(reporter, market, 1);
    await stakeOnChain(silent, market, 0);
    // What a node of theirs sees before it signs.
    const other = await openOnStage(stage, yesNo({ text: "Another?" }));
    for (const { address } of [reporter, silent]) {
      expect(await own(address).recusalOf(market.question.id)).toEqual({ holder: address });
      expect(await own(address).recusalOf(other.question.id)).toBe(undefined);
    }
    expect(await own(at(stage.providers, 0).address).recusalOf(market.question.id)).toBe(undefined);

    const accounts = [...(await judgingAccounts(stage.store.db)).keys()];
    const { held } = await positionsHeldBy(stage.deps, accounts, { now: await stage.now() });
    const holders = held.flatMap(({ question, holder }) => (question === market.question.id ? holder : []));
    expect(holders.toSorted()).toEqual(
      [reporter, silent].map(({ address }) => address.toLowerCase()).toSorted(),
    );
    const where = held.find(({ question }) => question === market.question.id)?.where;
    expect([positionPlace(market.terms, 0), positionPlace(market.terms, 1)]).toContain(where);
    await sweep();
    expect((await shown()).filter(({ key }) => key.startsWith("oracle:position"))).toEqual([]);

    await stage.warp(market.question.terms.opensAt);
    // Three of the four sign; the last is not among them.
    await stage.report(market.question, [1n, 1n, 1n]);
    await stage.followed();
    await sweep();
    await sweep();
    const owner = reporter.address.toLowerCase() as Hex;
    const key = `oracle:position:${market.question.id}:${owner}`;
    expect((await shown()).filter((each) => each.key.startsWith("oracle:position"))).toEqual([{ key }]);
    await expect.poll(() => stakeOf(owner), { timeout: 60_000, interval: 100 }).toBe(STAKED / 2n);
    expect(await stakeOf(silent.address)).toBe(STAKED);
    const [found] = await listEvents(stage.store.db, { rule: "position", limit: 5 });
    expect(found?.event).toMatchObject({ severity: 4, state: "open" });
    expect(found?.event.summary).toContain(owner);
    await expect
      .poll(() => one(stage.store.db, sql`select reason from oracle.named_faults`), { timeout: 60_000 })
      .toEqual({ reason: "position" });
    await sweep();
    expect((await shown()).filter((each) => each.key.startsWith("oracle:position"))).toHaveLength(1);
  },
);

test(
  "what a node's owner holds by a key that he named before is seen by the node",
  { timeout: 120_000 },
  async () => {
    const market = await openOnStage(stage, yesNo());
    const [owner, key] = [at(stage.providers, 0), privateKeyToAccount(generatePrivateKey())];
    const { addresses, hub } = stage;
    const manager = { address: addresses.stakeManager, abi: stakeManagerAbi } as const;
    const asked = { ...manager, functionName: "possessionDigest", args: [owner.address] } as const;
    const possession = await key.sign({ hash: await hub.client.readContract(asked) });
    const rotate = { ...manager, functionName: "rotateSigner", args: [key.address, possession] } as const;
    await stage.send(owner, addresses.stakeManager, encodeFunctionData(rotate));
    await stakeOnChain(owner, market, 1);
    // Its first key was its owner's own account.
    expect(await own(key.address).recusalOf(market.question.id)).toEqual({ holder: owner.address });
  },
);

test("a signature of somebody who holds nothing takes nothing", { timeout: 120_000 }, async () => {
  const market = await openOnStage(stage, yesNo());
  const provider = at(stage.providers, 2);
  const report = { question: market.question.id, value: 1n, epoch: 1, round: 0 };
  const domain = { chainId: HUB, oracle: stage.addresses.oracle };
  const signature = await provider.signTypedData(reportTypedData(domain, report));
  const holding = {
    consumer: stage.addresses.markets,
    holder: provider.address,
    where: positionPlace(market.terms, 1),
  };
  const simulated = stage.hub.client.simulateContract({
    address: stage.addresses.slasher,
    abi: slasherAbi,
    functionName: "positionOfSigner",
    args: [report.question, report.epoch, report.round, report.value, signature, holding],
  });
  await expect(simulated).rejects.toThrow("Slasher_NoPosition");
});
