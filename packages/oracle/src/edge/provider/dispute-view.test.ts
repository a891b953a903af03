import type { Addresses, Chain } from "@sooth/chain";
import { numberToHex } from "viem";
import { expect, test } from "vitest";
import { DisputeView } from "./dispute-view.ts";

type Range = { fromBlock: bigint; toBlock: bigint };
const hashOf = (n: number) => numberToHex(n, { size: 32 });

/** A hub without disputes, and the blocks whose logs it was asked for. */
function hubAt(first: number) {
  const asked: bigint[][] = [];
  const head = { number: BigInt(first), hash: hashOf(first) };
  let isAway = false;
  const client = {
    getBlock: () => Promise.resolve({ ...head }),
    getLogs: ({ fromBlock, toBlock }: Range) => {
      if (isAway) return Promise.reject(new Error("away"));
      asked.push([fromBlock, toBlock]);
      return Promise.resolve([]);
    },
  };
  return { hub: { client } as unknown as Chain, asked, head, away: (is: boolean) => (isAway = is) };
}

test("logs are asked for when the head is another, of the last blocks too, and not again under the same one", async () => {
  const { hub, asked, head } = hubAt(100);
  const view = new DisputeView(hub, {} as Addresses, 10);
  await view.refresh();
  expect(asked.splice(0)).toEqual([0, 1, 2].map(() => [10n, 100n]));
  await view.refresh();
  expect(asked).toEqual([]);
  // Another block of the same height: the branch before it is gone.
  head.hash = hashOf(1_000);
  await view.refresh();
  expect(asked.splice(0)).toEqual([0, 1, 2].map(() => [37n, 100n]));
  Object.assign(head, { number: 101n, hash: hashOf(1_001) });
  await view.refresh();
  expect(asked).toEqual([0, 1, 2].map(() => [37n, 101n]));
});

test("what could not be read is read under the same head", async () => {
  const { hub, asked, away } = hubAt(100);
  const view = new DisputeView(hub, {} as Addresses, 10);
  away(true);
  await expect(view.refresh()).rejects.toThrow("away");
  away(false);
  await view.refresh();
  expect(asked).toEqual([0, 1, 2].map(() => [10n, 100n]));
});
