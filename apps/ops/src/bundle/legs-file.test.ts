import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { escrowPartiesOf, legFromWire } from "@sooth/bundles/core";
import { need } from "@sooth/kernel";
import { afterAll, expect, test } from "vitest";
import { readLegs } from "./legs-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "legs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [alice, bob] = [`0x${"aB".repeat(20)}`, `0x${"cd".repeat(20)}`];
const held = { chainId: 31_338, kind: "escrow", target: `0x${"11".repeat(20)}`, value: "25" };
const read = (legs: object[]) => {
  const file = path.join(folder, "legs.json");
  writeFileSync(file, JSON.stringify({ mode: "escrowed", seconds: 900, legs }));
  return readLegs(file, alice, 1_000);
};

test("who pays what is held, and who gets it, stand by their names", async () => {
  const { legs, deadline } = await read([{ ...held, payer: alice, recipient: bob }]);
  expect(deadline).toBe(1_900);
  expect(escrowPartiesOf(legFromWire(need(legs[0], "a leg")))).toEqual({
    payer: alice.toLowerCase(),
    recipient: bob,
  });
});

test("one of both alone is refused, and by its name", async () => {
  await expect(read([{ ...held, payer: alice }])).rejects.toMatchObject({
    code: "ops.unreadable",
    message: expect.stringContaining("recipient"),
  });
});
