import type { Chain } from "@sooth/chain";
import type { Address } from "@sooth/kernel";
import { BaseError } from "viem";
import { expect, test } from "vitest";
import type { Attempt, Tried } from "./attempt.ts";
import { JointAttempts } from "./joint-attempts.ts";

const SHARED: Address = `0x${"aa".repeat(20)}`;
const chain = { now: () => Promise.resolve(99) } as unknown as Chain;
const callOf = (name: string, gas = 100_000n): Tried => ({
  from: SHARED,
  to: SHARED,
  data: `0x${Buffer.from(name).toString("hex")}`,
  value: 0n,
  gas,
});
const nameOf = ({ data }: Tried): string => Buffer.from(data.slice(2), "hex").toString();

/** A node on which those fail that `failing` names, given the calls that stand before them. */
function node(failing: (name: string, before: readonly string[]) => boolean) {
  const asked: { names: string[]; now: number; rich: bigint }[] = [];
  const joint = new JointAttempts(chain, (_, calls, now, rich) => {
    const names = calls.map(nameOf);
    asked.push({ names, now, rich: rich.get(SHARED) ?? 0n });
    return Promise.resolve(
      names.map((name, place): Attempt => {
        const ok = !failing(name, names.slice(0, place));
        return { ok, returned: "0x", gasUsed: 1n, logs: [], why: ok ? "" : `${name} reverts` };
      }),
    );
  });
  const ask = async (...names: string[]) => {
    const found = await joint.try(
      names.map((name) => callOf(name)),
      new Map([[SHARED, 1n]]),
    );
    return found.map(({ ok, why }) => (ok ? "ok" : why));
  };
  return { ask, joint, asked };
}

test("who asks at the same time goes in one request, with the coins of all", async () => {
  const { ask, asked } = node(() => false);
  expect(await Promise.all([ask("a", "b"), ask("c")])).toEqual([["ok", "ok"], ["ok"]]);
  expect(asked).toEqual([{ names: ["a", "b", "c"], now: 100, rich: 2n }]);
});

test("who fails among others is tried by himself, and the others are not", async () => {
  const { ask, asked } = node((name, before) => name === "bad" || (name === "last" && before.length > 0));
  const found = await Promise.all([ask("a"), ask("bad"), ask("last")]);
  expect(found).toEqual([["ok"], ["bad reverts"], ["ok"]]);
  expect(asked.map(({ names }) => names)).toEqual([["a", "bad", "last"], ["bad"], ["last"]]);
  expect(asked[2]?.rich).toBe(1n);
});

test("what a node does not take together is tried one by one", async () => {
  let requests = 0;
  const joint = new JointAttempts(chain, (_, calls) => {
    requests++;
    if (calls.length > 1) return Promise.reject(new Error("block gas limit reached"));
    return Promise.resolve([{ ok: true, returned: "0x", gasUsed: 1n, logs: [], why: "" }]);
  });
  const found = await Promise.all(["a", "b"].map((name) => joint.try([callOf(name)], new Map())));
  expect(found.flat().map(({ ok }) => ok)).toEqual([true, true]);
  expect(requests).toBe(3);
});

test("no request states more gas than a block has", async () => {
  const { joint, asked } = node(() => false);
  await Promise.all(["a", "b", "c"].map((name) => joint.try([callOf(name, 12_000_000n)], new Map())));
  expect(asked.map(({ names }) => names)).toEqual([["a", "b"], ["c"]]);
});

test("a node that cannot try calls is asked once for all, and everybody hears of it", async () => {
  let requests = 0;
  const unknown = new BaseError("no such method", {
    cause: Object.assign(new Error("x"), { code: -32_601 }),
  });
  const joint = new JointAttempts(chain, () => {
    requests++;
    return Promise.reject(unknown);
  });
  const found = await Promise.allSettled(["a", "b"].map((name) => joint.try([callOf(name)], new Map())));
  expect(found.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(requests).toBe(1);
});
