import { SWAP_MARGIN } from "@sooth/bundles/core";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { bytesToBigInt, bytesToHex } from "viem";
import { z } from "zod";
import { keys, send, shared } from "../bundle/arguments.ts";
import { openServer, signerFor, withChains } from "../bundle/network.ts";
import { sendDue } from "../bundle/send-due.ts";
import {
  claimCalls,
  giveBackCalls,
  lockCalls,
  lockText,
  lookAtSwap,
  planSwap,
  readSecret,
  readSwap,
  swapText,
} from "../bundle/swap.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";

const swap = z.string().describe("the file that bundle swap draw wrote; both sides have it");
const margin = z.coerce
  .number("wants seconds")
  .int()
  .positive()
  .default(SWAP_MARGIN)
  .describe(
    "by how many seconds the first lock must outlast the second: a chain may refuse transactions so long",
  );

export const bundleSwapDraw = command({
  name: "bundle swap draw",
  about:
    "draws a secret and writes both locks of a swap by it, which needs neither hub nor attesters; sends nothing",
  args: z.object({
    file: z
      .string()
      .describe("JSON: other, gives and wants (chainId, token, amount), seconds (docs/bundles.md)"),
    out: z.string().default("swap.json").describe("both locks, for both sides"),
    secret: z.string().default("swap-secret.txt").describe("the secret, for nobody else until it is used"),
    margin,
    ...keys,
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file, out, secret: to, margin: least, url, deployment, json, ...key }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const drawer = (await signerFor(server, key)).address;
    const secret = bytesToHex(randomBytes(32));
    const salt = bytesToBigInt(randomBytes(8));
    const planned = await planSwap(file, drawer, { secret, salt, now: server.now(), margin: least });
    await writeNew(to, `${secret}\n`);
    await writeNew(out, swapText(planned));
    if (json) terminal.result({ swap: out, secret: to });
    else
      for (const line of [
        `${out} has both locks: give it to ${planned.second.lock.payer}`,
        `${to} has the secret: whoever has it before the second lock stands takes the first`,
        `next: npx sooth bundle swap lock ${out} --send, here; then there`,
      ])
        terminal.line(line);
    return 0;
  },
});

export const bundleSwapStatus = command({
  name: "bundle swap status",
  about: "shows how both locks of a swap stand, each on its chain",
  args: z.object({ swap, ...shared }),
  positional: ["swap"],
  run: async ({ swap: file, url, deployment, json }, terminal) => {
    const both = await readSwap(file);
    const server = await openServer(url, { signs: false, deployment });
    const { hashLocks } = server.addresses;
    const found = await withChains(server, (chainAt) => lookAtSwap({ hashLocks, chainAt }, both));
    if (json)
      terminal.result(
        found.map(({ side, on, state, now, shown }) => ({
          side,
          chainId: on.chainId,
          state,
          until: on.lock.until,
          now,
          secret: shown,
        })),
      );
    else for (const one of found) terminal.line(lockText(one));
    return 0;
  },
});

const acting = { swap, send, ...keys, ...shared };

export const bundleSwapLock = command({
  name: "bundle swap lock",
  about: "locks what this key gives in a swap; whoever locks second has the first lock looked at before",
  args: z.object({ ...acting, margin }),
  positional: ["swap"],
  run: ({ swap: file, margin: least, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const where = { hashLocks: server.addresses.hashLocks, chainAt };
      const both = await readSwap(file);
      const calls = await lockCalls(where, both, account, least);
      return { calls, says: (await lookAtSwap(where, both)).map(lockText) };
    }),
});

export const bundleSwapClaim = command({
  name: "bundle swap claim",
  about: "claims what this key gets in a swap: with --secret, or with what the other showed by claiming",
  args: z.object({ ...acting, secret: z.string().optional().describe("the file that has the secret") }),
  positional: ["swap"],
  run: ({ swap: file, secret, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const where = { hashLocks: server.addresses.hashLocks, chainAt };
      const known = secret === undefined ? null : await readSecret(secret);
      return claimCalls(where, await readSwap(file), account, known);
    }),
});

export const bundleSwapGiveBack = command({
  name: "bundle swap give-back",
  about: "gives back what nobody claimed in time to who locked it; anybody may",
  args: z.object(acting),
  positional: ["swap"],
  run: ({ swap: file, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, chainAt }) =>
      giveBackCalls({ hashLocks: server.addresses.hashLocks, chainAt }, await readSwap(file)),
    ),
});

/** A secret that is written over is lost, and with it what it opens. @throws ops.unwritable */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw OpsError.unwritable({ file, why: (error as Error).message }, { cause: error });
  }
}
