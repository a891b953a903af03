import { stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { at, sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { keys, openStage, owners, sendAll, STAKE, type Stage, until } from "../../test/stage.ts";
import { MAX_SEATS, type wirePreparedProvider, type wireProviderDetail } from "../core/index.ts";
import { advanceEpoch, ensureJoined } from "./provider/join.ts";

type Prepared = z.infer<typeof wirePreparedProvider>;
type Detail = z.infer<typeof wireProviderDetail>;

const [owner, signer, next] = [at(owners, 4), at(keys, 4), at(keys, 0)];
const EPOCH_SECONDS = 30;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ allowedOrigins: [] });
}, 120_000);
afterAll(() => stage?.close());

const post = async (path: string, body: object) => {
  const response = await fetch(new URL(`/v1/providers/prepare/${path}`, stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ owner: owner.address, ...body }),
  });
  const answer = (await response.json()) as Prepared & { error?: { code: string } };
  return response.ok ? answer : { ...answer, code: answer.error?.code };
};
const seen = (what: string, look: (provider: Detail) => boolean) =>
  until(what, async () => {
    const detail = await stage.get<Detail>(`/v1/providers/${owner.address}`);
    return "owner" in detail && look(detail) ? detail : null;
  });
const join = (over: object = {}) =>
  post("join", { signer: signer.address, stake: String(STAKE), domains: [0], ...over });
const possession = async ({ possession: asked }: Prepared, key = signer) => key.signTypedData(asked as never);

test("nobody joins with too little, with another's key, or with a signature of another key", async () => {
  expect(await join({ stake: "1" })).toMatchObject({ code: "stake_manager.stake_too_small" });
  expect(await join({ signer: next.address })).toMatchObject({ code: "stake_manager.signer_taken" });
  const asked = await join();
  expect(asked).toMatchObject({ calls: [], takes: String(STAKE) });
  const wrong = await possession(asked, next);
  expect(await join({ possession: wrong })).toMatchObject({ code: "stake_manager.no_possession" });
  expect(await join({ possession: `0x${"00".repeat(65)}` })).toMatchObject({
    code: "stake_manager.no_possession",
  });
});

test("a newcomer joins, is seated with the next epoch, and rotates his key", async () => {
  const asked = await join();
  const prepared = await join({ possession: await possession(asked) });
  expect(prepared.calls).toHaveLength(2);
  await sendAll(stage, owner, prepared.calls as never);
  expect(await join()).toMatchObject({ code: "stake_manager.already_joined" });
  await stage.node.increaseTime({ seconds: EPOCH_SECONDS + 1 });
  await until("a new epoch", () =>
    advanceEpoch({ chain: stage.chain, addresses: stage.addresses, owner }).then(
      async (did) => did || (await stage.get<Detail>(`/v1/providers/${owner.address}`)).seat !== null,
    ),
  );
  const detail = await seen("his seat", ({ seat }) => seat !== null);
  expect(detail).toMatchObject({ state: "active", domains: [0], missed: 0, late: 0, served: [] });
  expect(at(detail.standings, 0)).toMatchObject({ domain: 0, seat: detail.seat, next: true });
  expect(at(detail.standings, 0).history.at(-1)).toMatchObject({ share: 2_000 });

  // His own wallet may sign too, and needs to show nothing.
  const rotate = await post("rotate", { signer: owner.address });
  expect(rotate).toMatchObject({ possession: null, calls: [{ to: stage.addresses.stakeManager }] });
  await sendAll(stage, owner, rotate.calls as never);
  const rotated = await seen("his new key", (p) => sameAddress(p.signer, owner.address));
  expect(rotated.signers).toHaveLength(2);
  expect(await post("rotate", { signer: owner.address })).toMatchObject({ code: "stake_manager.unchanged" });
  // A key that was his before is his still.
  expect(await post("rotate", { signer: signer.address })).toMatchObject({ possession: null });
});

test("he adds to his stake, is ready for juries, and serves another domain", async () => {
  await sendAll(stage, owner, (await post("stake", { amount: "5" })).calls as never);
  await sendAll(stage, owner, (await post("juror", { willing: true })).calls as never);
  await sendAll(stage, owner, (await post("domains", { domains: [0, 3] })).calls as never);
  const detail = await seen("all three", (p) => p.juror && p.domains.length === 2);
  expect(detail).toMatchObject({ stake: String(STAKE + 5n), domains: [0, 3] });
  expect(detail.standings.map(({ domain, next }) => [domain, next])).toEqual([
    [0, true],
    [3, true],
  ]);
});

test("he leaves, waits, and is paid his whole stake", async () => {
  expect(await post("withdraw", {})).toMatchObject({ code: "stake_manager.not_unbonding" });
  const leave = await post("leave", {});
  await sendAll(stage, owner, leave.calls as never);
  expect(await post("leave", {})).toMatchObject({ code: "stake_manager.not_active" });
  expect(await post("withdraw", {})).toMatchObject({ code: "stake_manager.still_bonded" });
  const leaving = await seen("that he leaves", ({ state }) => state === "unbonding");
  expect(leaving.stakeFreeAt).toBeNull();
  // His stake is bound for as long again from the end of his last seat.
  await stage.node.increaseTime({ seconds: 61 });
  await until("an epoch without him", () =>
    advanceEpoch({ chain: stage.chain, addresses: stage.addresses, owner }).then(
      async (did) => did || (await stage.get<Detail>(`/v1/providers/${owner.address}`)).seat === null,
    ),
  );
  const { stakeFreeAt } = await seen("when it is free", ({ stakeFreeAt: at }) => at !== null);
  expect(stakeFreeAt).toBeGreaterThan(leave.freeAt ?? Infinity);
  expect(await post("withdraw", {})).toMatchObject({ code: "stake_manager.still_bonded" });
  await stage.node.increaseTime({ seconds: (stakeFreeAt ?? 0) - (await stage.chain.now()) });
  await stage.node.mine({ blocks: 1 });
  const withdraw = await until("the way out", async () => {
    const prepared = await post("withdraw", {});
    return "code" in prepared ? null : prepared;
  });
  expect(withdraw.pays).toBe(String(STAKE + 5n));
  await sendAll(stage, owner, withdraw.calls as never);
  await seen("that he is gone", ({ state, stake }) => state === "withdrawn" && stake === "0");
  const provider = await stage.chain.client.readContract({
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "providerOf",
    args: [owner.address],
  });
  expect(provider.stake).toBe(0n);
});

test("earnings are what the oracle holds, and without any there is nothing to sign", async () => {
  expect(await post("claim", {})).toMatchObject({ calls: [], pays: "0" });
});

test(
  "where all seats of a domain are taken, a larger stake takes the smallest's",
  { timeout: 240_000 },
  async () => {
    const DOMAIN = 3;
    const manager = { address: stage.addresses.stakeManager, abi: stakeManagerAbi } as const;
    const token = { address: stage.addresses.collateral, abi: testDollarAbi } as const;
    const people = Array.from({ length: MAX_SEATS + 2 }, (_, index) => devAccount(40 + index));
    await Promise.all(
      people.map(async (person, index) => {
        await stage.node.setBalance({ address: person.address, value: 10n ** 18n });
        const data = encodeFunctionData({ ...token, functionName: "faucet", args: [person.address] });
        await sendAll(stage, person, [{ to: token.address, data }]);
        const joined = { chain: stage.chain, addresses: stage.addresses, owner: person, signer: person };
        if (index < MAX_SEATS) await ensureJoined({ ...joined, stake: STAKE, kinds: 1 << DOMAIN });
      }),
    );
    const late = people.slice(MAX_SEATS);
    for (const [index, person] of late.entries()) {
      const joined = { chain: stage.chain, addresses: stage.addresses, owner: person, signer: person };
      await ensureJoined({ ...joined, stake: STAKE + BigInt(index), kinds: 1 << DOMAIN });
    }
    const [equal, larger] = [at(late, 0).address, at(late, 1)];
    const claim = (over: object) => post("seat", { owner: larger.address, domain: DOMAIN, ...over });
    expect(await claim({ domain: DOMAIN + 1 })).toMatchObject({ code: "stake_manager.not_served" });
    expect(await claim({ owner: equal })).toMatchObject({ code: "stake_manager.full" });
    const prepared = await claim({});
    expect(people.map(({ address }) => address.toLowerCase())).toContain(prepared.displaces?.toLowerCase());
    await sendAll(stage, larger, prepared.calls as never);
    const roster = await stage.chain.client.readContract({
      ...manager,
      functionName: "rosterOf",
      args: [DOMAIN],
    });
    expect(roster).toContain(larger.address);
    expect(roster).not.toContain(prepared.displaces);
    expect(await claim({})).toMatchObject({ code: "stake_manager.unchanged" });
  },
);
