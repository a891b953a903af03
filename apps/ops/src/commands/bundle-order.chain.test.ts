import { need } from "@sooth/kernel";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { numberToHex } from "viem";
import { beforeAll, expect, test } from "vitest";
import { commandStage } from "../../test/command-stage.ts";

// Orders from the signature to the last unit, on a network whose attesters sign and whose bundlers are the command line.
const { stack, inFolder, statusSoon, bundle, rollup, idOf, userOf, dollar, balanceOn, faucet } = commandStage(
  {
    name: "bundle-order",
    roles: "api,worker,relayer,provider",
  },
);
beforeAll(async () => {
  await Promise.all([faucet(0, "Alice"), faucet(1, "Bob")]);
});

/** 1,000 on the first rollup for 333 on the second, in parts of 100 at least; Alice's. */
async function signed(name: string, more: object = {}, ...argv: string[]): Promise<string> {
  const [wish, order] = [inFolder(`${name}-wish.json`), inFolder(`${name}.json`)];
  const token = dollar().address;
  writeFileSync(
    wish,
    JSON.stringify({
      gives: { chainId: idOf(0), token, amount: "1000" },
      wants: { chainId: idOf(1), token, amount: "333" },
      leastPart: "100",
      seconds: 7_200,
      ...more,
    }),
  );
  const told = await bundle("order", "sign", wish, "--out", order, "--as", "Alice", ...argv);
  expect(told.complaint).toBe("");
  return order;
}
const allowed = (): Promise<bigint> =>
  rollup(0).client.readContract({
    ...dollar(),
    functionName: "allowance",
    args: [userOf("Alice").address, stack().addresses.orders],
  });

test("a part of an order is taken: its maker sends nothing more, and both are paid", async () => {
  const alice = userOf("Alice").address;
  const order = await signed("good");
  // Signed, and nothing can be taken yet: nobody let the contract have anything.
  expect(await allowed()).toBe(0n);
  expect((await bundle("order", "status", order)).text).toMatch(
    /left {3}1000\n.*lets the contract take, 0 of/,
  );
  const early = await bundle("order", "take", order, "400", "--as", "Bob");
  expect(early.complaint).toMatch(/lets the contract take, 0 alone.*\[ops\.not_due\]/);
  rmSync(order);
  await signed("good", {}, "--send");
  expect(await allowed()).toBe(1_000n);

  for (const [amount, why] of [
    ["1001", "1000 of it are left"],
    ["99", "no part below 100"],
  ] as const)
    expect((await bundle("order", "take", order, amount, "--as", "Bob")).complaint).toContain(why);
  const shop = numberToHex(0xe1, { size: 20 });
  const take = ["order", "take", order, "400", "--to", shop, "--pay", "--as", "Bob"];
  const shown = await bundle(...take);
  expect(shown.complaint).toBe("");
  // A third of 400 is 133.2: rounded up, for the maker.
  const says =
    /gives {2}1000 of the token 0x[\s\S]*left {3}1000\ntakes 400 of the token 0x.* on chain \d+, and pays 0x.* 134 of the token 0x.* on chain \d+\n/;
  expect(shown.text).toMatch(says);
  expect(shown.text).toMatch(/BundleHub\.open[\s\S]*Escrow\.prepare[\s\S]*Nothing was sent/);
  const before = await balanceOn(1, alice);
  const sentBefore = await rollup(0).client.getTransactionCount({ address: alice });
  const taken = await bundle(...take, "--send");
  expect(taken.complaint).toBe("");
  // What is given for what is said before anything is.
  expect(taken.text).toMatch(new RegExp(`^order 0x.*[\\s\\S]*${says.source}[\\s\\S]*bundle 0x`));
  const id = need(/bundle (0x[0-9a-f]{64})/.exec(taken.text)?.[1], "an id");
  // What is set aside is nobody else's to take.
  expect((await bundle("order", "status", order)).text).toContain("left   600");
  await statusSoon(id).toContain("stands    prepared");
  expect((await bundle("relay", id, "--send", "--as", "Dave")).complaint).toBe("");
  await statusSoon(id).toContain("stands    completed");
  expect([await balanceOn(0, shop), await balanceOn(1, alice)]).toEqual([400n, before + 134n]);
  expect(await rollup(0).client.getTransactionCount({ address: alice })).toBe(sentBefore);
});

test("an order is its maker's to cancel, and what others made of it is not taken", async () => {
  const order = await signed("cancelled", { taker: userOf("Bob").address }, "--send");
  expect((await bundle("order", "take", order, "--as", "Carol")).complaint).toMatch(/only 0x.* may/i);
  expect((await bundle("order", "cancel", order, "--as", "Bob")).complaint).toMatch(/only 0x.* can cancel/);
  const forged = inFolder("forged.json");
  const terms = JSON.parse(readFileSync(order, "utf8")) as { order: Record<string, string> };
  writeFileSync(forged, JSON.stringify({ ...terms, order: { ...terms.order, wantAmount: "1" } }));
  expect((await bundle("order", "status", forged)).complaint).toMatch(
    /signature is not of.*\[ops\.unreadable\]/,
  );

  const cancel = ["order", "cancel", order, "--as", "Alice"];
  expect((await bundle(...cancel)).text).toMatch(/Orders\.cancel[\s\S]*Nothing was sent/);
  expect((await bundle(...cancel, "--send")).complaint).toBe("");
  expect(await bundle("order", "status", order)).toMatchObject({
    code: 1,
    text: expect.stringContaining("left   nothing"),
  });
  expect((await bundle("order", "take", order, "--as", "Bob")).complaint).toContain("[ops.not_due]");
  expect(await bundle(...cancel, "--send")).toMatchObject({ code: 1 });

  // All that was signed before ends at once; what is signed later counts.
  const [one, two] = [await signed("one"), await signed("two")];
  expect((await bundle("order", "cancel", one, "--all", "--send", "--as", "Alice")).complaint).toBe("");
  for (const each of [one, two])
    expect((await bundle("order", "status", each)).text).toContain("cancelled all that he had signed");
  expect((await bundle("order", "status", await signed("later"))).code).toBe(0);
});

test("a signed order is not written over", async () => {
  const order = await signed("kept");
  const before = readFileSync(order, "utf8");
  const again = await bundle("order", "sign", inFolder("kept-wish.json"), "--out", order, "--as", "Alice");
  expect(again.complaint).toContain("[ops.unwritable]");
  expect(readFileSync(order, "utf8")).toBe(before);
});
