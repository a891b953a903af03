import { need } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plainLeg, shownBundle } from "../../test/shown.ts";
import { legGas } from "./costs.ts";
import { statedGas } from "./decide/worth.ts";
import type { Leg } from "./types.ts";

const measured = (file: string) => {
  const found = JSON.parse(
    readFileSync(new URL(`../../../../contracts/snapshots/${file}.json`, import.meta.url), "utf8"),
  ) as Record<string, string>;
  return (name: string): bigint => BigInt(need(found[name], name));
};
const legs = measured("bundle-legs");
const hub = measured("bundle-hub");
/** The slot that the first leg of a word makes, beside what it takes anyway. */
const slot = legs("leg of 128 bytes, alone, first of its word") - legs("leg of 128 bytes, alone");

const of128 = (over: Partial<Leg> = {}): Leg =>
  plainLeg({ data: `0x${"a5".repeat(128)}`, gasLimit: 0, ...over });
const alone = (leg: Leg, all: readonly Leg[] = [leg]): bigint => legGas(leg, all, 0n).alone;

test("what a leg is reckoned at covers what was measured, the first of its word too", () => {
  expect(alone(of128())).toBeGreaterThanOrEqual(legs("leg of 128 bytes, alone, first of its word"));
  const first = of128();
  const reads = of128({ needsOk: [0], splices: [{ from: 0, source: 32, length: 32, target: 4 }] });
  expect(alone(reads, [first, reads])).toBeGreaterThanOrEqual(
    legs("leg that takes 32 of 96 bytes, alone, first of its word"),
  );
});

test("an owner's account may have to be made for his leg, unless a leg of it must run well before", () => {
  const account = of128({ kind: "account" });
  expect(alone(account)).toBeGreaterThanOrEqual(
    legs("leg from an account that is made for it, alone") + slot,
  );
  const next = of128({ kind: "account", needsOk: [0] });
  const there = alone(next, [account, next]);
  expect(there).toBeGreaterThanOrEqual(legs("leg from an account, alone") + slot);
  expect(there).toBeLessThan(alone(account));
  // On another chain it is another account, and whoever runs beside it may come first.
  const elsewhere = of128({ kind: "account", needsOk: [0], chainId: account.chainId + 1 });
  expect(alone(elsewhere, [account, elsewhere])).toBeGreaterThan(there);
  expect(alone(account, [account, account])).toBe(alone(account));
});

test("coins for who never held any are reckoned, and what an escrow holds is none", () => {
  expect(alone(of128({ kind: "value", value: 1n })) - alone(of128({ kind: "value", value: 0n }))).toBe(
    34_000n,
  );
  expect(alone(of128({ value: 1n })) - alone(of128())).toBe(9_000n);
  expect(alone(of128({ kind: "escrow", value: 1n }))).toBe(alone(of128({ kind: "escrow", value: 0n })));
});

test("steps without a call are reckoned at what was measured or more", () => {
  const held = shownBundle([of128({ kind: "escrow" }), of128({ kind: "escrow" })], {
    bundle: { mode: "escrowed" },
  });
  const of = (what: "prepare" | "finish" | "take_back") => statedGas(held, { do: what, leg: 0, facts: [] });
  expect(of("prepare")).toBeGreaterThanOrEqual(legs("leg held"));
  // Who is paid for the first time in a token pays for his slot there.
  expect(of("finish")).toBeGreaterThanOrEqual(legs("held leg paid, alone") + slot);
  expect(of("take_back")).toBeGreaterThanOrEqual(legs("held leg taken back") + slot);
  // A lane that nobody used before has neither slot.
  const there = shownBundle([of128({ kind: "escrow" }), of128({ kind: "escrow", chainId: 4_217 })], {
    bundle: { mode: "escrowed" },
    lanes: true,
  });
  const on = (what: "prepare" | "finish") => statedGas(there, { do: what, leg: 0, facts: [] });
  expect(on("prepare")).toBeGreaterThanOrEqual(legs("leg held on a bounded lane") + slot);
  expect(on("finish")).toBeGreaterThanOrEqual(legs("held leg paid on a bounded lane, alone") + 2n * slot);
  const ordered = shownBundle([of128(), of128()]);
  const commit = statedGas(ordered, { do: "commit", facts: [] });
  expect(commit).toBeGreaterThanOrEqual(hub("ordered bundle committed, alone, 3 of 4"));
  expect(commit).toBeGreaterThanOrEqual(hub("escrowed bundle committed, alone, 3 of 4"));
  expect(statedGas(ordered, { do: "settle", facts: [] })).toBeGreaterThanOrEqual(
    hub("fee of two legs settled, alone, 3 of 4"),
  );
});
