import { type Address, need } from "@sooth/kernel";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { numberToHex, parseEther } from "viem";
import { expect, test } from "vitest";
import { commandStage, FAUCET } from "../../test/command-stage.ts";

// Owners' accounts and swaps by a secret: both work with nobody but their owners, so no role but the API runs.
const { inFolder, bundle, rollup, idOf, userOf, dollar, balanceOn, send, faucet } = commandStage({
  name: "bundle-swap",
  roles: "api",
});

/** Seconds pass on one chain. */
async function pass(which: 0 | 1, seconds: number): Promise<void> {
  const { client } = rollup(which);
  await client.request({ method: "evm_increaseTime" as never, params: [seconds] as never });
  await client.request({ method: "evm_mine" as never });
}

test("what an account was sent before it was made comes home, and it calls what its owner says", async () => {
  const alice = userOf("Alice").address;
  const shown = JSON.parse((await bundle("account", "--json")).text) as {
    chains: { chainId: number; account: { address: Address; made: boolean } }[];
  };
  const { address, made } = need(
    shown.chains.find(({ chainId }) => chainId === idOf(0))?.account,
    "an account",
  );
  expect(made).toBe(false);
  expect(new Set(shown.chains.map(({ account }) => account.address)).size).toBe(1);
  await faucet(0, "Bob", address);
  await send(0, "Bob", address, "0x", parseEther("0.5"));
  const token = dollar().address;
  const text = (await bundle("account", "--tokens", token)).text;
  expect(text).toContain(`not made yet, holds 500000000000000000 wei (0.5 ether), ${FAUCET} of the token`);

  const chain = ["--chain", String(idOf(0))];
  const plan = await bundle("account", "take", ...chain, "--token", token, "--units", "400");
  expect(plan.text).toMatch(/Settler\.createAccount[\s\S]*Account\.call[\s\S]*Nothing was sent/);
  const before = await balanceOn(0, alice);
  expect(
    (await bundle("account", "take", ...chain, "--token", token, "--units", "400", "--send")).complaint,
  ).toBe("");
  expect(await balanceOn(0, alice)).toBe(before + 400n);
  // Another's account is another's: Bob moves nothing of it by the same words.
  expect(await bundle("account", "take", ...chain, "--token", token, "--send", "--as", "Bob")).toMatchObject({
    code: 1,
    text: "nothing is due now",
  });
  expect((await bundle("account", "take", ...chain, "--token", token, "--send")).text).not.toContain(
    "make account",
  );
  expect(await balanceOn(0, alice)).toBe(before + FAUCET);

  const shop = numberToHex(0xd1, { size: 20 });
  const sends = await bundle("account", "call", shop, ...chain, "--value", "0.2ether", "--send");
  expect([sends.complaint, await rollup(0).client.getBalance({ address: shop })]).toEqual([
    "",
    parseEther("0.2"),
  ]);
  const beyond = await bundle("account", "call", shop, ...chain, "--value", "0.4ether", "--send");
  expect(beyond.complaint).toMatch(/holds 300000000000000000 wei .*\[ops\.not_due\]/);
  const nobody = await bundle("account", "call", shop, ...chain, "--data", "0x12345678");
  expect(nobody.complaint).toContain(`no contract is at ${shop}`);
});

async function drawn(name: string, seconds: number): Promise<{ swap: string; secret: string }> {
  const [file, swap, secret] = [
    inFolder(`${name}.json`),
    inFolder(`${name}-swap.json`),
    inFolder(`${name}.txt`),
  ];
  const token = dollar().address;
  writeFileSync(
    file,
    JSON.stringify({
      other: userOf("Bob").address,
      gives: { chainId: idOf(0), token, amount: "700" },
      wants: { chainId: idOf(1), token, amount: "300" },
      seconds,
    }),
  );
  const told = await bundle("swap", "draw", file, "--out", swap, "--secret", secret, "--as", "Alice");
  expect(told.complaint).toBe("");
  return { swap, secret };
}

test("two swap by a secret: each locks, who drew it claims, the other claims by what that showed", async () => {
  const [alice, bob] = [userOf("Alice").address, userOf("Bob").address];
  await faucet(0, "Alice", alice);
  await faucet(1, "Bob", bob);
  const { swap, secret } = await drawn("good", 7_200);
  const [aliceBefore, bobBefore] = [await balanceOn(1, alice), await balanceOn(0, bob)];

  // Whoever locks second does not go first.
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Bob")).complaint).toContain(
    "first lock is none",
  );
  expect((await bundle("swap", "lock", swap, "--as", "Carol")).complaint).toContain("pays neither lock");
  const shown = await bundle("swap", "lock", swap, "--as", "Alice");
  expect(shown.text).toMatch(/token\.approve[\s\S]*HashLocks\.lock[\s\S]*Nothing was sent/);
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Alice")).complaint).toBe("");
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Alice")).complaint).toContain(
    "first lock is held",
  );
  // A margin that is too short for a chain that refuses transactions is refused by who would bear it.
  const narrow = await bundle("swap", "lock", swap, "--margin", "999999", "--as", "Bob");
  expect(narrow.complaint).toContain("[bundles.bad_swap]");
  expect((await bundle("swap", "claim", swap, "--send", "--as", "Bob")).text).toContain(
    "nobody showed the secret yet",
  );
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Bob")).complaint).toBe("");
  expect((await bundle("swap", "status", swap)).text).toMatch(/first lock .* held[\s\S]*second lock .* held/);

  expect((await bundle("swap", "claim", swap, "--secret", secret, "--send", "--as", "Alice")).complaint).toBe(
    "",
  );
  expect(await balanceOn(1, alice)).toBe(aliceBefore + 300n);
  expect((await bundle("swap", "status", swap)).text).toContain(readFileSync(secret, "utf8").trim());
  expect((await bundle("swap", "claim", swap, "--send", "--as", "Bob")).complaint).toBe("");
  expect(await balanceOn(0, bob)).toBe(bobBefore + 700n);
  expect(await bundle("swap", "claim", swap, "--send", "--as", "Bob")).toMatchObject({ code: 1 });
});

test("a secret is not shown too late, and what nobody claimed goes back by anybody's hand", async () => {
  const [alice, bob] = [userOf("Alice").address, userOf("Bob").address];
  const { swap, secret } = await drawn("late", 7_200);
  const [aliceBefore, bobBefore] = [await balanceOn(0, alice), await balanceOn(1, bob)];
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Alice")).complaint).toBe("");
  expect((await bundle("swap", "lock", swap, "--send", "--as", "Bob")).complaint).toBe("");
  expect(await bundle("swap", "give-back", swap, "--send")).toMatchObject({ code: 1 });

  await pass(1, 7_000);
  const late = await bundle("swap", "claim", swap, "--secret", secret, "--send", "--as", "Alice");
  expect(late.complaint).toMatch(/shows the secret.*\[ops\.not_due\]/);
  await pass(1, 300);
  expect((await bundle("swap", "give-back", swap, "--send", "--as", "Carol")).text).toContain(
    "give back on chain",
  );
  expect(await balanceOn(1, bob)).toBe(bobBefore);
  await pass(0, 48 * 3_600);
  expect((await bundle("swap", "give-back", swap, "--send", "--as", "Carol")).complaint).toBe("");
  expect(await balanceOn(0, alice)).toBe(aliceBefore);
});

test("a secret that is there already is not written over, and a file that is no swap says why", async () => {
  const { swap, secret } = await drawn("twice", 3_600);
  const before = readFileSync(secret, "utf8");
  const file = inFolder("twice.json");
  const again = await bundle("swap", "draw", file, "--out", swap, "--secret", secret, "--as", "Alice");
  expect(again.complaint).toContain("[ops.unwritable]");
  expect(readFileSync(secret, "utf8")).toBe(before);
  expect((await bundle("swap", "status", file)).complaint).toMatch(/first[\s\S]*\[ops\.unreadable\]/);
  expect(existsSync(inFolder("nothing.json"))).toBe(false);
  expect((await bundle("swap", "status", inFolder("nothing.json"))).complaint).toContain("[ops.unreadable]");
});
