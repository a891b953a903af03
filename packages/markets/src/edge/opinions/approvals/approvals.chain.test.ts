import { committeeAbi, opinionsAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { type Address, at, type Hex, need, sameAddress } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentBeacon } from "../../../../test/silent-beacon.ts";
import { z } from "zod";
import { readsOpinions } from "../../../../test/reads-opinions.ts";
import { deploySafe, signAsSafe } from "../../../../test/safe.ts";
import { DOLLAR, HUB, openStage, type Stage } from "../../../../test/stage.ts";
import {
  committeeOrder,
  opinionTermsToChain,
  packApproval,
  packSignatures,
  replacementTypedData,
  textHash,
  wireApproval,
  wireOpinionMarket,
  wirePreparedOpinion,
  wirePreparedOpinionMarket,
} from "../../../core/index.ts";
import { sweepOpinions } from "../keeper.ts";
import { opinionMarketById } from "../market-rows.ts";

const fresh = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());
const asker = devAccount(0);
const keys = Array.from({ length: 4 }, fresh);
const owners = Array.from({ length: 3 }, fresh);
const addressesOf = (accounts: readonly LocalAccount[]) => accounts.map(({ address }) => address);
let safe: Address;
let stage: Stage;
let committee: Address;

beforeAll(async () => {
  stage = await openStage(async (hub) => {
    safe = await deploySafe(hub, asker, { owners: addressesOf(owners), threshold: 2 });
    const members = need(committeeOrder([...addressesOf(keys), safe]), "five members");
    return { committeeMembers: members };
  });
  committee = need(stage.addresses.committee, "the committee");
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, stage.addresses.collateral, faucet);
});
afterAll(() => stage.close());

const request = async (method: "GET" | "POST", url: string, payload?: object) => {
  const reply = await stage.app.inject({ method, url, ...(payload && { payload }) });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const codeOf = ({ body }: { body: unknown }) =>
  z.object({ error: z.object({ code: z.string() }) }).parse(body).error.code;
const marketAt = async (id: string) =>
  wireOpinionMarket.parse((await request("GET", `/v1/opinion-markets/${id}`)).body);
const approvalOf = async (id: string) =>
  wireApproval.parse((await request("GET", `/v1/opinion-markets/${id}/approval`)).body);

type Proposed = z.infer<typeof wireApproval>;
const sign = (key: LocalAccount, { typedData }: Proposed): Promise<Hex> =>
  key.signTypedData(need(typedData, "what is signed") as never);
const handOver = (member: Address, { market, digest, expiresAt }: Proposed, signature: Hex) =>
  request("POST", `/v1/opinion-markets/${market}/approvals`, { member, digest, expiresAt, signature });
const approve = async (key: LocalAccount, proposed: Proposed) =>
  handOver(key.address, proposed, await sign(key, proposed));
const bySafe = ({ digest }: Proposed, by: readonly LocalAccount[]) =>
  signAsSafe({ chainId: HUB, safe }, need(digest, "a digest") as Hex, by);

async function look(): Promise<void> {
  await stage.followed();
  const { number, timestamp, hash } = await stage.hub.client.getBlock({ blockTag: "latest" });
  const head = { chainId: HUB, number: Number(number), timestamp: Number(timestamp), hash };
  const deps = { ...stage.deps, beacon: silentBeacon };
  // Two machines at once.
  await Promise.all([sweepOpinions(deps, head), sweepOpinions(deps, head)]);
}
const scoresSent = async (id: string) =>
  (
    await rows<{ key: string }>(
      stage.store.db,
      sql`select key from chain.outbox where key like ${`opinions:score:${id}%`}`,
    )
  ).length;
const untilScored = (id: string) =>
  expect
    .poll(
      async () => {
        await look();
        await stage.followed();
        return (await marketAt(id)).status;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe("settled");

/** Announced, staked on twice, and answered for good: what waits now is people. */
async function waitingMarket(statement: string, value: bigint): Promise<Hex> {
  const closesAt = (await stage.now()) + 600;
  const text = `What do they come to? ${statement}`;
  const schema = readsOpinions(stage.addresses.opinions, closesAt, { text });
  const question = await stage.ask(schema, { opensAt: closesAt, deadline: closesAt + 3_000 });
  await stage.followed();
  const terms = { feeBps: 0, prizeBps: 0, prizes: 1, minConfidence: 5_000, rule: "fourth" };
  const stakes = { leastStake: "500000", mostStake: "10000000", quietMost: "10000000" };
  const times = { closesAt, revealSeconds: 0, quietSeconds: 0 };
  const asked = { question: question.id, rubric: "As usual.", statement, creator: asker.address };
  const told = await request("POST", "/v1/opinion-markets/prepare", {
    ...asked,
    ...terms,
    ...stakes,
    ...times,
  });
  const { id, calls } = wirePreparedOpinionMarket.parse(told.body);
  for (const { to, data } of calls) await stage.send(asker, to as Address, data as Hex);
  await stage.followed();
  for (const band of [12, 4]) {
    const owner = await stage.trader();
    const body = { owner: owner.address, amount: String(DOLLAR), opinion: textHash("so I think"), band };
    const reply = await request("POST", `/v1/opinion-markets/${id}/opinions/prepare`, body);
    for (const call of wirePreparedOpinion.parse(reply.body).calls)
      await stage.send(owner, call.to as Address, call.data as Hex);
  }
  await stage.warp(closesAt + 1);
  await stage.report(question, [value, value, value]);
  await stage.followed();
  await stage.warp((await marketAt(id)).finalAt ?? 0);
  await stage.followed();
  // Requests share a reading of the clock for a moment.
  await expect.poll(async () => (await approvalOf(id)).state, { timeout: 60_000 }).toBe("pending");
  return id as Hex;
}

test(
  "two signatures wait, a Safe's is the third: what was approved is what the oracle said",
  { timeout: 180_000 },
  async () => {
    const id = await waitingMarket("Zoos should be closed", 6_250n);
    const market = need(await opinionMarketById(stage.store.db, id), "the market");
    await look();
    expect(await scoresSent(id)).toBe(0);
    const proposed = await approvalOf(id);
    expect(proposed).toMatchObject({
      state: "pending",
      result: { score: 63, count: 2, total: String(2n * DOLLAR) },
    });
    const result = need(proposed.result, "a result");
    const digest = await stage.hub.client.readContract({
      address: committee,
      abi: committeeAbi,
      functionName: "approvalDigest",
      args: [
        { ...result, market: id, total: BigInt(result.total), count: BigInt(result.count) },
        need(proposed.expiresAt, "an expiry"),
      ],
    });
    expect(proposed.digest).toBe(digest);

    for (const key of keys.slice(0, 2)) expect((await approve(key, proposed)).status).toBe(201);
    await look();
    expect(await scoresSent(id)).toBe(0);
    // Nobody scores with less: neither without an approval nor with two signatures, nor with one of them twice.
    const attempt = (approval: Hex) =>
      stage.hub.client.simulateContract({
        account: asker.address,
        address: stage.addresses.opinions,
        abi: [...opinionsAbi, ...committeeAbi.filter(({ type }) => type === "error")],
        functionName: "score",
        args: [opinionTermsToChain(market.terms), approval],
      });
    await expect(attempt("0x")).rejects.toThrow(/Committee_BadFormat/);
    const { members } = need(proposed.committee, "a committee");
    const two = await Promise.all(
      keys.slice(0, 2).map(async (key) => ({ member: key.address, signature: await sign(key, proposed) })),
    );
    const packed = packApproval(proposed.expiresAt ?? 0, members as Address[], two);
    await expect(attempt(packed)).rejects.toThrow(/Committee_TooFew/);
    const borrowed = [...two, { member: safe, signature: at(two, 0).signature }];
    const forged = packApproval(proposed.expiresAt ?? 0, members as Address[], borrowed);
    await expect(attempt(forged)).rejects.toThrow(/Committee_BadSignature/);

    // One owner is not the Safe, and neither are strangers; two owners are.
    for (const by of [owners.slice(0, 1), [fresh(), fresh()]]) {
      const refused = await handOver(safe, proposed, await bySafe(proposed, by));
      expect([refused.status, codeOf(refused)]).toEqual([400, "opinions.bad_approval"]);
    }
    expect((await handOver(safe, proposed, await bySafe(proposed, owners.slice(1)))).body).toMatchObject({
      state: "approved",
      missing: 0,
    });
    await untilScored(id);
    expect(await scoresSent(id)).toBe(1);
    expect((await marketAt(id)).result).toMatchObject({ score: 63, count: 2, total: String(2n * DOLLAR) });
    expect((await approvalOf(id)).state).toBe("ended");
  },
);

test(
  "members that were lost are replaced by three of the others, and a member that turns is passed over",
  { timeout: 180_000 },
  async () => {
    const id = await waitingMarket("Tea is better than coffee", 4_000n);
    const proposed = await approvalOf(id);
    for (const key of keys.slice(0, 3)) expect((await approve(key, proposed)).status).toBe(201);
    const [lost, added] = [at(keys, 0), fresh()];
    const sitting = need(proposed.committee, "a committee").members as Address[];
    const following = need(
      committeeOrder([...sitting.filter((member) => !sameAddress(member, lost.address)), added.address]),
      "five members",
    );
    const expiresAt = (await stage.now()) + 86_400;
    const typed = replacementTypedData(
      { chainId: HUB, committee },
      { members: following, number: 1, expiresAt },
    );
    const signed = await Promise.all(
      keys.slice(1).map(async (key) => ({ member: key.address, signature: await key.signTypedData(typed) })),
    );
    const data = encodeFunctionData({
      abi: committeeAbi,
      functionName: "replace",
      args: [typed.message.members, expiresAt, packSignatures(sitting, signed)],
    });
    await stage.send(asker, committee, data);
    await stage.followed();

    const after = await approvalOf(id);
    expect(after).toMatchObject({
      state: "pending",
      missing: 1,
      committee: { members: following, replacements: 1 },
    });
    const late = await approve(lost, after);
    expect([late.status, codeOf(late)]).toEqual([403, "opinions.not_a_member"]);
    await look();
    expect(await scoresSent(id)).toBe(0);

    // The Safe signs, and then burns all gas that it is given: it holds nothing up once three others signed.
    expect((await handOver(safe, after, await bySafe(after, owners.slice(0, 2)))).status).toBe(201);
    await stage.setCode(safe, "0x5b5f56");
    await look();
    expect(await scoresSent(id)).toBe(0);
    expect((await approvalOf(id)).signed.map(({ member }) => member)).not.toContain(safe.toLowerCase());
    expect((await approve(added, after)).status).toBe(201);
    await untilScored(id);
    expect((await marketAt(id)).result).toMatchObject({ score: 40 });
  },
);
