import { at, need } from "@sooth/kernel";
import { committeeOrder, readReplacement, replacementDigest, replacementText } from "@sooth/markets/core";
import { laptopAccounts, loadConfig, startStack, type Stack } from "@sooth/server";
import { Keystore } from "ox";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { numberToHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "../cli/run.ts";
import { COMMANDS } from "./index.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "sooth-committee-"));
const NEXT_KEY = `0x${"77".repeat(32)}` as const;
const sitting = need(
  committeeOrder(
    laptopAccounts()
      .users.slice(0, 5)
      .map(({ account }) => account.address),
  ),
  "five members",
);
const others = [1, 2, 3, 4].map((n) => numberToHex(0xc0ffee00 + n, { size: 20 }));
const next = need(committeeOrder([...others, privateKeyToAddress(NEXT_KEY)]), "five others");
const file = path.join(dataDir, "next-five.json");
let stack: Stack;
beforeAll(async () => {
  for (const key of ["DATABASE_URL", "HUB_RPC_URLS", "GUARDIAN_KEY"]) vi.stubEnv(key, undefined);
  vi.stubEnv("LAPTOP_COMMITTEE", "test");
  stack = await startStack({
    config: loadConfig({ SOOTH_DATA_DIR: dataDir, SOOTH_PORT: "0", LAPTOP_COMMITTEE: "test" }),
    freePorts: true,
    durable: false,
    exchanges: false,
    providers: [],
  });
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ops(...argv: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(["committee", ...argv, "--data-dir", dataDir], COMMANDS, {
    line: (text = "") => lines.push(text),
    result: (value) => lines.push(JSON.stringify(value)),
    complain: (text) => complaints.push(text),
  });
  return { code, text: lines.join("\n"), complaint: complaints.join("\n") };
}
const signAs = (member: string, ...more: string[]) => ops("sign", file, "--member", member, ...more);
const proposal = () => {
  const read = readReplacement(readFileSync(file, "utf8"));
  if ("complaint" in read) throw new Error(read.complaint);
  return read.replacement;
};

test(
  "two members are lost, three seat five others, and whoever left can seat nobody",
  { timeout: 120_000 },
  async () => {
    const shown = await ops("show");
    expect(shown.code).toBe(0);
    expect(shown.text).toContain("3 of 5 sign, replaced 0 times");
    for (const member of sitting) expect(shown.text).toContain(`  ${member}  a key`);

    expect(await ops("propose", next.slice(1).join(","), "--out", file)).toMatchObject({
      code: 2,
      complaint: expect.stringContaining("[ops.bad_members]"),
    });
    const proposed = await ops("propose", next.toReversed().join(","), "--out", file);
    expect(proposed.code).toBe(0);
    expect(proposal()).toMatchObject({ sitting, members: next, number: 1, signatures: [] });
    expect(proposed.text).toContain(replacementDigest(proposal()));

    // One is a wallet that is a contract: it takes whatever is signed for it. bytes4(0x1626ba7e), whatever it is asked.
    const wallet = at(sitting, 4);
    const params = [wallet, "0x631626ba7e60e01b5f5260205ff3"];
    await stack.hub.client.request({ method: "anvil_setCode" as never, params: params as never });
    expect((await ops("show")).text).toContain(`  ${wallet}  a contract`);

    const outsider = await signAs(at(next, 0), "--signature", "0x1234");
    expect(outsider.complaint).toContain("does not sit in the committee");
    const wrong = await signAs(at(sitting, 1), "--signature", `0x${"11".repeat(65)}`);
    expect(wrong.complaint).toMatch(/\[ops\.bad_signature\]$/);
    expect(proposal().signatures).toEqual([]);

    expect((await signAs(at(sitting, 3))).text).toMatch(/signed; 2 missing$/);
    // Signing twice is signing once.
    expect((await signAs(at(sitting, 3))).text).toMatch(/signed; 2 missing$/);
    expect((await signAs(wallet, "--signature", "0x01")).text).toMatch(/signed; 1 missing$/);
    expect(await ops("apply", file, "--yes")).toMatchObject({
      complaint: expect.stringContaining("[ops.too_few_signed]"),
    });
    expect((await signAs(at(sitting, 0))).text).toMatch(/signed; anybody may apply it$/);

    const signed = readFileSync(file, "utf8");
    writeFileSync(file, replacementText({ ...proposal(), members: sitting }));
    expect((await ops("apply", file, "--yes")).complaint).toContain("Committee_BadSignature");
    writeFileSync(file, signed);
    expect((await ops("apply", file)).text).toContain("it would go through now; --yes sends it");
    expect((await ops("show")).text).toContain("replaced 0 times");
    expect((await ops("apply", file, "--yes")).text).toMatch(/^five others sit, by transaction 0x/);

    const after = await ops("show");
    expect(after.text).toContain("replaced 1 times");
    for (const member of next) expect(after.text).toContain(member);
    expect((await ops("apply", file, "--yes")).complaint).toContain("[ops.stale_proposal]");
    expect((await signAs(at(sitting, 1))).complaint).toContain("[ops.stale_proposal]");

    // The new ones go on, by a key in a file.
    await ops("propose", sitting.join(","), "--out", file);
    const [keystore, passwordFile] = [path.join(dataDir, "key"), path.join(dataDir, "password")];
    const [derived, options] = Keystore.scrypt({ password: "open", n: 1_024 });
    writeFileSync(keystore, JSON.stringify(Keystore.encrypt(NEXT_KEY, derived, options)));
    writeFileSync(passwordFile, "open\n", { mode: 0o600 });
    const byKey = await ops("sign", file, "--keystore", keystore, "--password-file", passwordFile);
    expect(byKey.text).toBe(`${privateKeyToAddress(NEXT_KEY).toLowerCase()} signed; 2 missing`);
    expect(proposal().number).toBe(2);
  },
);

test("a file that is none, and a proposal that is over, are refused", async () => {
  writeFileSync(file, "{}");
  expect(await ops("apply", file)).toMatchObject({
    code: 2,
    complaint: expect.stringContaining("[ops.unreadable]"),
  });
  await ops("propose", sitting.join(","), "--out", file);
  writeFileSync(file, replacementText({ ...proposal(), expiresAt: 1_000 }));
  expect((await ops("apply", file)).complaint).toContain("it ended at 1000");
});
