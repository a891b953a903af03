import { need } from "@sooth/kernel";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { numberToHex } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { openMarketLedgers } from "./market-ledgers.ts";

const marketOf = (number: number) => numberToHex(BigInt(number) << 192n, { size: 32 });
const folderOf = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-ledgers-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

test("a market keeps its budget though its ledger left the memory meanwhile", async () => {
  const ledgerOf = openMarketLedgers({ folder: folderOf(), cap: 100n, mostHeld: 2 });
  const first = await ledgerOf(marketOf(1));
  await first.settle(need(await first.reserve(80n), "a reservation"), 60n);
  for (let other = 2; other < 6; other++) {
    const ledger = await ledgerOf(marketOf(other));
    await ledger.settle(need(await ledger.reserve(10n), "a reservation"), 10n);
  }
  // The one that was got before, and one that is got now, have the 40 that are left between them.
  const again = await ledgerOf(marketOf(1));
  expect(await again.reserve(41n)).toBeNull();
  const reservation = need(await first.reserve(30n), "a reservation");
  expect([await again.reserve(11n), first.spentToday()]).toEqual([null, 90n]);
  await first.settle(reservation, 0n);
  expect(await again.reserve(40n)).not.toBeNull();
});

test("an open reservation is not forgotten, however many others come", async () => {
  const ledgerOf = openMarketLedgers({ folder: folderOf(), cap: 100n, mostHeld: 1 });
  const first = await ledgerOf(marketOf(1));
  const reservation = need(await first.reserve(100n), "a reservation");
  const [second, third] = [await ledgerOf(marketOf(2)), await ledgerOf(marketOf(3))];
  await Promise.all([second.reserve(1n), third.reserve(1n)]);
  await first.settle(reservation, 70n);
  const again = await ledgerOf(marketOf(1));
  expect(await again.reserve(31n)).toBeNull();
  expect(await again.reserve(30n)).not.toBeNull();
});

test("files of markets that are long over are removed, and no others", () => {
  const folder = folderOf();
  const names = ["analyst-00000000000000aa.ledger", "analyst.ledger", "witness.ledger"];
  for (const name of names) {
    writeFileSync(path.join(folder, name), "{}");
    utimesSync(path.join(folder, name), 1, 1);
  }
  const young = path.join(folder, "analyst-00000000000000bb.ledger");
  writeFileSync(young, "{}");
  openMarketLedgers({ folder, cap: 1n });
  expect(names.map((name) => existsSync(path.join(folder, name)))).toEqual([false, true, true]);
  expect(existsSync(young)).toBe(true);
});
