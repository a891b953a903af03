import { stakeManagerAbi } from "@sooth/abi";
import {
  batchTypedData,
  factFromWire,
  factTree,
  type WireFact,
  type WireProposal,
} from "@sooth/bundles/core";
import { at, type Hex, need } from "@sooth/kernel";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { numberToHex } from "viem";
import { expect, test } from "vitest";
import { commandStage } from "../../test/command-stage.ts";

// Nobody relays here, so a proof waits in the outbox until somebody else sends it.
const { stack, inFolder, bundle } = commandStage({ name: "bundle-accuse", roles: "api,worker" });

const liar = () => at(need(stack().accounts, "accounts").providers, 0);
const post = (where: string, body: object) =>
  fetch(new URL(where, stack().url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

/** Has the fact asked for, and signs it as an attester does, whatever chains say. */
async function signs(fact: WireFact): Promise<void> {
  const { root } = factTree([factFromWire(fact)]);
  const stream = await fetch(new URL("/v1/bundles/batches/stream", stack().url));
  const readable = Readable.fromWeb(stream.body as ReadableStream);
  const lines = createInterface({ input: readable });
  const asked = post("/v1/bundles/batches", { facts: [fact], destination: stack().hub.definition.id });
  let proposal: WireProposal | undefined;
  for await (const line of lines) {
    if (line === "") continue;
    const shown = JSON.parse(line) as WireProposal;
    if (shown.root === root) {
      proposal = shown;
      break;
    }
  }
  const { epoch, validUntil } = need(proposal, "a proposal");
  const typed = batchTypedData(
    { chainId: stack().hub.definition.id, attesters: stack().addresses.attesters },
    { epoch, validUntil, root },
  );
  const { signer } = liar();
  const answer = await post(`/v1/bundles/batches/${root}/signatures`, {
    signer: signer.address.toLowerCase(),
    epoch,
    validUntil,
    signature: await signer.signTypedData(typed),
  });
  expect(await answer.json()).toEqual({ taken: true });
  readable.destroy();
  await asked;
}

test(
  "what is known against an attester is shown, and the proof takes his stake",
  { timeout: 240_000 },
  async () => {
    const key = liar().signer.address;
    expect((await bundle("accuse")).text).toBe("nothing is known against anybody");
    expect((await bundle("accuse", key)).complaint).toContain("ops.no_fault");
    expect((await bundle("accuse", "--send")).complaint).toContain("ops.not_due");

    const file = inFolder("legs.json");
    const target = numberToHex(0xa1, { size: 20 });
    const chainId = at(stack().rollups, 0).definition.id;
    writeFileSync(
      file,
      JSON.stringify({ mode: "ordered", legs: [{ chainId, kind: "value", target, value: "0" }] }),
    );
    const opened = await bundle("open", file, "--pay", "--send", "--fee", "1000000000000000");
    expect(opened.complaint).toBe("");
    const id = need(/bundle\s+(0x[0-9a-f]{64})/.exec(opened.text)?.[1], "an id") as Hex;
    await expect.poll(async () => (await bundle("status", id)).code, { timeout: 60_000 }).toBe(0);
    for (const outcome of ["committed", "aborted"] as const)
      await signs({ kind: "decision", id, base: "0", outcome });

    await expect
      .poll(async () => (await bundle("accuse", key)).text, { timeout: 120_000 })
      .toMatch(/conflict[\s\S]*Slasher\.equivocatedFacts[\s\S]*Nothing was sent/);
    const sent = await bundle("accuse", key, "--send", "--as", "Bob");
    expect([sent.complaint, sent.text]).toEqual(["", expect.stringContaining(`proof against ${key}`)]);
    const { stake } = await stack().hub.client.readContract({
      address: stack().addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "providerOf",
      args: [liar().owner.address],
    });
    expect(stake).toBe(0n);
    expect((await bundle("accuse", key, "--send", "--as", "Carol")).complaint).toMatch(
      /ops\.proof_refused|Slasher_AlreadyPunished/,
    );
  },
);
