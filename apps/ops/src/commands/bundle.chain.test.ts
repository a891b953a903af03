import { bundleHubAbi, settlerAbi, testDollarAbi } from "@sooth/abi";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { privateKeyOf } from "@sooth/server";
import { writeFileSync } from "node:fs";
import { encodeAbiParameters, encodeFunctionData, keccak256, numberToHex } from "viem";
import type { HDAccount } from "viem/accounts";
import { expect, test, vi } from "vitest";
import { commandStage, FAUCET } from "../../test/command-stage.ts";

// Bundles from the first command to the last, on a real network: nobody relays here but the command line itself.
const { stack, inFolder, statusSoon, sooth, bundle, rollup, idOf, userOf, dollar, balanceOn, send } =
  commandStage({
    name: "bundle-commands",
    roles: "api,worker,relayer,provider",
  });

/** A file of legs as a newcomer writes it. */
function legsFile(name: string, content: object): string {
  const file = inFolder(name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}
const idIn = (text: string): string => need(/bundle\s+(0x[0-9a-f]{64})/.exec(text)?.[1], "an id");
const faucet = (to: Address): Hex =>
  encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [to] });
const transfer = (to: Address, amount: bigint): Hex =>
  encodeFunctionData({ abi: testDollarAbi, functionName: "transfer", args: [to, amount] });
const write = (which: 0 | 1, name: string, data: Hex): Promise<void> =>
  send(which, name, dollar().address, data);
const verified = async (id: string) => {
  const rollups = [0, 1] as const;
  const nodes = rollups.map((which) => rollup(which).status().rpcs[0]?.name ?? "");
  const hub = need(stack().hub.status().rpcs[0]?.name, "a node of the hub");
  return sooth("verify", "bundle", id, "--rpc", hub, "--rollups", nodes.join(","));
};

test("a first session: credit, quote, open, relay, status, and a check from logs alone", async () => {
  const shops = [0xa1, 0xa2].map((n) => numberToHex(n, { size: 20 }));
  const [here, there] = [at(shops, 0), at(shops, 1)];
  const target = dollar().address;
  const file = legsFile("first.json", {
    mode: "ordered",
    legs: [
      { chainId: idOf(0), target, data: faucet(here) },
      { chainId: idOf(1), target, data: faucet(there), needsOk: [0] },
    ],
  });
  const quote = await bundle("quote", file);
  expect([quote.code, quote.text]).toEqual([0, expect.stringMatching(/costs \d+ wei .* fee \d+ wei/)]);

  const shown = await bundle("open", file);
  for (const word of [
    "leg 1 ",
    "leg 2 ",
    "after leg 1 ran well",
    "promised",
    "hand it over",
    "Nothing was sent",
  ])
    expect(shown.text).toContain(word);
  expect((await bundle("open", file, "--pay")).text).toMatch(
    /BundleHub\.open, \d+ wei[\s\S]*bundle: \{ owner: 0x/,
  );
  expect((await bundle("credit")).text).toContain(" has 0 wei of credit");
  const poor = await bundle("open", file, "--send");
  expect([poor.code, poor.complaint]).toEqual([
    1,
    expect.stringMatching(/bundle credit deposit \d+wei --send .*\[ops\.no_credit\]/),
  ]);
  expect((await bundle("credit", "deposit", "0.1ether")).text).toContain("BundleHub.deposit");
  expect((await bundle("credit", "deposit", "0.1ether", "--send")).text).toContain("(0.1 ether) of credit");

  const opened = await bundle("open", file, "--send");
  expect([opened.code, opened.complaint]).toEqual([0, ""]);
  const id = idIn(opened.text);
  expect((await bundle("doctor", id)).text).toContain(`bundle relay ${id} --send`);
  const relayed = await bundle("relay", id, "--send", "--as", "Dave");
  expect(relayed.complaint).toBe("");
  for (const step of ["open on", "run of leg 1", "run of leg 2", "commit", "settle"])
    expect(relayed.text).toContain(step);
  await statusSoon(id).toContain("stands    completed");
  expect([await balanceOn(0, here), await balanceOn(1, there)]).toEqual([FAUCET, FAUCET]);
  const proof = await verified(id);
  expect([proof.code, proof.complaint]).toEqual([0, ""]);
  expect(proof.text).toContain("ordered, committed; legs ok, ok");
  const tooMuch = await bundle("credit", "withdraw", "1ether", "--send");
  expect([tooMuch.code, tooMuch.complaint]).toEqual([
    1,
    expect.stringMatching(/ether\) of credit at the hub, and \d+ wei \(1 ether\) .*\[ops\.little_credit\]/),
  ]);
  expect((await bundle("credit", "withdraw", "0.01ether", "--send")).code).toBe(0);
});

async function swap(name: string) {
  const [alice, bob] = [userOf("Alice").address, userOf("Bob").address];
  const held = { kind: "escrow", target: dollar().address, value: "25000000" };
  return legsFile(name, {
    mode: "escrowed",
    legs: [
      { ...held, chainId: idOf(0), payer: alice, recipient: bob },
      { ...held, chainId: idOf(1), payer: bob, recipient: alice },
    ],
  });
}

test("two swap by the command line: each lets the escrow take what he pays, and both are paid", async () => {
  const [alice, bob] = [userOf("Alice").address, userOf("Bob").address];
  const file = await swap("swap.json");
  // Nobody has a dollar yet: it says who lacks what before anything is signed.
  expect((await bundle("quote", file)).text).toMatch(/holds 0 of the token, and 25000000 are wanted/);
  const poor = await bundle("open", file, "--pay", "--send");
  expect(poor.complaint).toMatch(/holds 0 of the token .* take 25000000.*\[ops\.no_tokens\]/);
  await Promise.all([write(0, "Alice", faucet(alice)), write(1, "Bob", faucet(bob))]);
  const opened = await bundle("open", file, "--pay", "--send");
  expect(opened.complaint).toBe("");
  for (const step of ["open on", "approve of leg 1", "prepare of leg 1"]) expect(opened.text).toContain(step);
  const id = idIn(opened.text);
  await statusSoon(id).toContain("stands    preparing");
  const waits = await bundle("doctor", id);
  expect(waits.text).toMatch(/leg 2.* has not let the escrow take 25000000/);
  expect(waits.text.toLowerCase()).toContain(
    `waits for ${bob.toLowerCase()}, who sends it by npx sooth bundle pay`,
  );

  // The payer alone pays: another's key finds nothing to pay, and relaying pays nobody's leg.
  expect((await bundle("pay", id, "--as", "Carol")).text).toContain("nothing is due now");
  expect((await bundle("relay", id, "--once", "--send", "--as", "Bob")).text).not.toContain("prepare");
  const shown = await bundle("pay", id, "--as", "Bob");
  expect(shown.text).toMatch(/token\.approve, 0 wei[\s\S]*amount: 25000000[\s\S]*Escrow\.prepare/);
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
  ] as const)
    expect(shown.text.toLowerCase()).toContain(`from ${from.toLowerCase()} for ${to.toLowerCase()}`);
  const paid = await bundle("pay", id, "--send", "--as", "Bob");
  expect(paid.text).toContain("prepare of leg 2");
  await statusSoon(id).toContain("stands    prepared");
  const allowance = await rollup(1).client.readContract({
    ...dollar(),
    functionName: "allowance",
    args: [bob, stack().addresses.escrow],
  });
  expect(allowance).toBe(0n);

  expect((await bundle("relay", id, "--send", "--as", "Dave")).complaint).toBe("");
  await statusSoon(id).toContain("stands    completed");
  expect([await balanceOn(0, bob), await balanceOn(1, alice)]).toEqual([25_000_000n, 25_000_000n]);
  const proof = await verified(id);
  expect([proof.code, proof.text]).toEqual([
    0,
    expect.stringContaining("escrowed, committed; legs paid, paid"),
  ]);
});

test("who governs an escrow bounds a lane and lifts it again; others are shown the call, and send nothing", async () => {
  const { deployer } = need(stack().accounts, "the accounts of a local network");
  const [here, there] = [String(idOf(0)), String(idOf(1))];
  const limit = (other: string, perHour: string, ...rest: string[]) =>
    bundle(
      "lane",
      "set",
      "--chain",
      here,
      "--other",
      other,
      "--token",
      dollar().address,
      "--per-hour",
      perHour,
      ...rest,
    );
  const shown = await limit(there, "7");
  expect(shown.code).toBe(0);
  expect(shown.text).toContain(`for the governor, ${deployer.address}`);
  expect(shown.text).toMatch(/Escrow\.setLaneLimit[\s\S]*0x[0-9a-f]{200}[\s\S]*Nothing was sent/);
  expect((await limit(there, "7", "--send", "--as", "Bob")).complaint).toContain("[ops.not_governor]");
  expect((await limit("424242", "7")).complaint).toContain("[ops.not_due]");
  expect((await bundle("lane", "show")).text).toBe("no lane is bounded");

  vi.stubEnv("BUNDLE_KEY", privateKeyOf(deployer as HDAccount));
  try {
    expect((await limit(there, "7", "--send")).complaint).toBe("");
    await expect
      .poll(async () => (await bundle("lane", "show")).text, { timeout: 60_000 })
      .toContain(`on chain ${here} towards ${there}: 7 units of ${dollar().address.toLowerCase()} an hour`);
    const file = await swap("over.json");
    expect((await bundle("quote", file)).complaint).toContain("[bundles.lane_full]");
    expect((await limit(there, "0", "--send")).complaint).toBe("");
    await expect
      .poll(async () => (await bundle("lane", "show")).text, { timeout: 60_000 })
      .toBe("no lane is bounded");
  } finally {
    vi.stubEnv("BUNDLE_KEY", undefined);
  }
});

test("an owner whom nobody answers has his money back", async () => {
  const alice = userOf("Alice").address;
  const before = await balanceOn(0, alice);
  const opened = await bundle("open", await swap("lonely.json"), "--pay", "--send");
  expect(opened.complaint).toBe("");
  const id = idIn(opened.text);
  await statusSoon(id).toContain("stands    preparing");
  expect(await balanceOn(0, alice)).toBe(before - 25_000_000n);
  expect((await bundle("refund", id, "--as", "Bob")).text).toContain("nothing is due now");
  expect((await bundle("refund", id)).text).toContain("BundleHub.abort, 0 wei");
  expect((await bundle("refund", id, "--send")).text).toContain("abort on");
  await statusSoon(id).toContain("stands    decided");
  // Attesters say what the hub decided some blocks later.
  await expect
    .poll(async () => (await bundle("refund", id, "--send")).text, { timeout: 90_000 })
    .toContain("finish of leg 1");
  await statusSoon(id).toMatch(/^1 +\d+ +cancelled/m);
  expect(await balanceOn(0, alice)).toBe(before);
  // Asked once more it says so plainly, and it is no failure.
  expect(await bundle("refund", id, "--send")).toMatchObject({
    code: 0,
    text: expect.stringContaining("given back already, nothing is left to refund"),
  });
  // Whoever paid in until the deadline would have it back as well.
  expect((await bundle("doctor", id)).text).toContain("it is aborted, and nothing is held any more");
  expect((await verified(id)).code).toBe(0);
});

test("a compensation that failed is owed, the doctor says for want of what, and retry does it", async () => {
  const carol = userOf("Carol").address;
  const account = await rollup(0).client.readContract({
    address: stack().addresses.settler,
    abi: settlerAbi,
    functionName: "accountOf",
    args: [carol],
  });
  const shop = numberToHex(0xb1, { size: 20 });
  const target = dollar().address;
  const file = legsFile("undone.json", {
    mode: "ordered",
    legs: [
      { chainId: idOf(0), target, data: faucet(account) },
      // Whom everybody's legs are called from has nothing to give.
      { chainId: idOf(1), target, data: transfer(shop, 1n), needsOk: [0] },
      // And the account will have half of this.
      { chainId: idOf(0), kind: "account", target, data: transfer(shop, 2n * FAUCET), undoes: 0 },
    ],
  });
  const opened = await bundle("open", file, "--pay", "--send", "--as", "Carol");
  expect(opened.complaint).toBe("");
  const id = idIn(opened.text);
  const relayed = await bundle("relay", id, "--send", "--as", "Dave", "--seconds", "40");
  expect(relayed.complaint).toBe("");
  for (const step of ["run of leg 1", "run of leg 2", "abort on", "compensate of leg 3"])
    expect(relayed.text).toContain(step);
  await statusSoon(id).toContain("stands    stuck");
  const found = await bundle("doctor", id);
  expect([found.code, found.text]).toEqual([1, expect.stringContaining(`bundle retry ${id} --send`)]);
  expect(found.text).toMatch(
    /leg 3 would fail as things stand: .* holds 10000000000 .* 20000000000 are wanted/,
  );

  await write(0, "Carol", faucet(carol));
  await write(0, "Carol", transfer(account, FAUCET));
  const retried = await bundle("retry", id, "--send", "--as", "Dave");
  expect([retried.code, retried.text]).toEqual([0, expect.stringContaining("compensate of leg 3")]);
  await statusSoon(id).toContain("stands    compensated");
  expect(await balanceOn(0, shop)).toBe(2n * FAUCET);
  const proof = await verified(id);
  expect([proof.code, proof.complaint]).toEqual([0, ""]);
});

test("a fee is raised while the bundle is open, and not after", async () => {
  const target = dollar().address;
  const file = legsFile("poor.json", {
    mode: "ordered",
    fee: "7",
    legs: [{ chainId: idOf(0), target, data: faucet(numberToHex(0xc1, { size: 20 })) }],
  });
  const opened = await bundle("open", file, "--pay", "--send");
  expect(opened.complaint).toBe("");
  const id = idIn(opened.text);
  await statusSoon(id).toMatch(/^fee +7 wei/m);
  expect((await bundle("top-up", id, "5")).complaint).toContain("wants its unit");
  expect((await bundle("top-up", id, "5wei")).text).toMatch(/BundleHub\.topUp, 5 wei[\s\S]*Nothing was sent/);
  expect((await bundle("top-up", id, "5wei", "--send", "--as", "Bob")).complaint).toBe("");
  await statusSoon(id).toMatch(/^fee +12 wei/m);
  expect((await bundle("refund", id, "--send")).text).toContain("abort on");
  expect((await bundle("top-up", id, "5wei", "--send")).complaint).toMatch(
    /Hub_NotOpen[\s\S]*\[ops\.refused\]/,
  );
});

const providersCredit = async (): Promise<bigint> => {
  const owners = need(stack().accounts, "a laptop's accounts").providers.map(({ owner }) => owner.address);
  const credits = await Promise.all(
    [...new Set(owners)].map((owner) =>
      stack().hub.client.readContract({
        address: stack().addresses.bundleHub,
        abi: bundleHubAbi,
        functionName: "creditOf",
        args: [owner],
      }),
    ),
  );
  return credits.reduce((sum, credit) => sum + credit, 0n);
};

test("attesters' part of fees is claimed for the owners of their seats, once", async () => {
  const before = await providersCredit();
  const shown = await bundle("claim-pot");
  expect(shown.text).toMatch(/seat \d of epoch \d+ has \d+ wei[\s\S]*BundleHub\.claimPot/);
  const wei = [...shown.text.matchAll(/has (\d+) wei/g)].reduce(
    (sum, [, one]) => sum + BigInt(need(one, "wei")),
    0n,
  );
  expect((await bundle("claim-pot", "--send", "--as", "Dave")).complaint).toBe("");
  expect(await providersCredit()).toBe(before + wei);
  expect(await bundle("claim-pot", "--send")).toMatchObject({ code: 1, text: "nothing is due now" });
});

test("what an escrow owes because a token refused is said by the doctor, and paid out to where its owner says", async () => {
  const bob = userOf("Bob").address;
  const opened = await bundle("open", await swap("refused.json"), "--send", "--pay");
  expect(opened.complaint).toBe("");
  const id = idIn(opened.text);
  expect(await bundle("withdraw", id, "--as", "Bob")).toMatchObject({ code: 1, text: "nothing is due now" });
  // As the escrow writes it down where a token does not go: the test dollar always goes.
  const slot = keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "bytes32" }],
      [
        bob,
        keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [dollar().address, 6n])),
      ],
    ),
  );
  const { client } = rollup(0);
  await client.request({
    method: "anvil_setStorageAt" as never,
    params: [stack().addresses.escrow, slot, numberToHex(7n, { size: 32 })] as never,
  });
  await client.request({ method: "evm_mine" as never });
  const found = await bundle("doctor", id);
  expect(found.text.toLowerCase()).toContain(`owes ${bob.toLowerCase()} 7 of the token`);
  expect(found.text).toContain(`npx sooth bundle withdraw ${id} --send`);
  expect((await bundle("withdraw", id, "--as", "Carol")).text).toContain("nothing is due now");
  const elsewhere = numberToHex(0xd1, { size: 20 });
  const shown = await bundle("withdraw", id, "--to", elsewhere, "--as", "Bob");
  expect(shown.text).toMatch(/Escrow\.withdraw, 0 wei[\s\S]*Nothing was sent/);
  const paid = await bundle("withdraw", id, "--to", elsewhere, "--send", "--as", "Bob");
  expect(paid.complaint).toBe("");
  expect(await balanceOn(0, elsewhere)).toBe(7n);
  expect((await bundle("withdraw", id, "--as", "Bob")).text).toContain("nothing is due now");
});
