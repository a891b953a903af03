import { bundleHubAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Ledger, openLedger, relay, type Relaying } from "../../../test/relaying.ts";
import { alice, type BundleStage, HUB, openBundleStage, relayer } from "../../../test/stage.ts";

const COIN = 10n ** 18n;
const DAY = 86_400;
const second = devAccount(27);
let stage: BundleStage;
let ledger: Ledger;
let one: Relaying | undefined;

beforeAll(async () => {
  [stage, ledger] = await Promise.all([openBundleStage({}, 1), openLedger()]);
});
afterAll(async () => {
  await one?.stop();
  await ledger?.close();
  await stage?.close();
});

const until = (what: () => unknown) => vi.waitFor(what, { timeout: 60_000, interval: 100 });
const hub = () => stage.at(HUB);
const balanceOf = (account: { address: `0x${string}` }) =>
  hub().node.getBalance({ address: account.address, blockTag: "latest" });
const credit = (): Promise<bigint> =>
  hub().node.readContract({
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "creditOf",
    args: [relayer.address],
  });

test("keys that run low are filled up from what was earned, no more in a day than is let, and again on the next", async () => {
  await stage.send(HUB, alice, {
    address: stage.addresses.bundleHub,
    abi: bundleHubAbi,
    functionName: "deposit",
    args: [relayer.address],
    value: 10n * COIN,
  });
  await hub().node.setBalance({ address: second.address, value: COIN / 2n });
  // No midnight comes by itself.
  const now = await hub().chain.now();
  await hub().node.increaseTime({ seconds: DAY - (now % DAY) + DAY / 2 });
  await hub().node.mine({ blocks: 1 });
  one = await relay(stage, ledger.store, [relayer, second], {
    // Twice of it less what is there is 1.5, and the second time half of that is left of the day.
    refills: { below: COIN, perDay: (9n * COIN) / 4n },
  });
  await until(async () => expect(await credit()).toBe((17n * COIN) / 2n));
  expect(await balanceOf(second)).toBe(2n * COIN);

  await hub().node.setBalance({ address: second.address, value: COIN / 2n });
  await until(async () => expect(await credit()).toBe((31n * COIN) / 4n));
  expect(await balanceOf(second)).toBe((5n * COIN) / 4n);

  // Nothing is left of today; tomorrow there is.
  await hub().node.setBalance({ address: second.address, value: COIN / 4n });
  await hub().node.increaseTime({ seconds: DAY });
  await hub().node.mine({ blocks: 1 });
  await until(async () => expect(await credit()).toBe(6n * COIN));
  expect(await balanceOf(second)).toBe(2n * COIN);
});
