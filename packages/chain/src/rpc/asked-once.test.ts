import { expect, test } from "vitest";
import type { Addresses } from "../deployments/params.ts";
import { askedOnce } from "./asked-once.ts";
import type { Chain } from "./chain.ts";

const [one, other] = [{} as Chain, {} as Chain];
const addresses = {} as Addresses;

test("each chain is asked once, however many want to know at once", async () => {
  const asked: Chain[] = [];
  const read = askedOnce(async (hub) => asked.push(hub));
  expect(await Promise.all([read(one, addresses), read(one, addresses)])).toEqual([1, 1]);
  expect(await read(one, addresses)).toBe(1);
  expect(await read(other, addresses)).toBe(2);
  expect(asked).toEqual([one, other]);
});

test("what failed is asked anew", async () => {
  let times = 0;
  const read = askedOnce(async () => {
    times += 1;
    if (times === 1) throw new Error("no answer");
    return times;
  });
  await expect(read(one, addresses)).rejects.toThrow("no answer");
  expect(await read(one, addresses)).toBe(2);
});
