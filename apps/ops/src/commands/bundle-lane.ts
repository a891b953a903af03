import type { Address } from "@sooth/kernel";
import { z } from "zod";
import { keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { knownLanes, laneLines, limitCall, refuseOthers } from "../bundle/lane.ts";
import { openServer, signerFor, withChains } from "../bundle/network.ts";
import { sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { command } from "../cli/command.ts";

export const bundleLaneShow = command({
  name: "bundle lane show",
  about: "shows the lanes between two chains that are bounded, and what each takes now",
  args: z.object(shared),
  run: async ({ url, deployment, json }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const found = await knownLanes(server);
    if (json) terminal.result(found);
    else for (const line of laneLines(found)) terminal.line(line);
    return 0;
  },
});

const chainId = z.coerce.number().int().positive();

export const bundleLaneSet = command({
  name: "bundle lane set",
  about:
    "bounds what of a token may enter an escrow within an hour, for bundles with legs on another chain, or for all; shows the governor's call, for a wallet of several keys too, and --send sends it",
  args: z.object({
    chain: chainId.describe("whose escrow"),
    other: chainId.optional().describe("the other chain; without it all that enters of the token is bounded"),
    token: z.string().regex(/^0x[0-9a-fA-F]{40}$/, "wants an address"),
    perHour: z
      .string()
      .regex(/^\d{1,28}$/, "wants units of the token, a whole number")
      .transform(BigInt)
      .describe("units of the token; 0 lifts the limit"),
    send,
    ...keys,
    ...shared,
  }),
  run: async ({ chain, other, token, perHour, send: really, url, deployment, json, ...own }, terminal) => {
    const server = await openServer(url, { signs: true, deployment });
    return withChains(server, async (chainAt) => {
      const limit = { chainId: chain, other: other ?? null, token: token as Address, perHour };
      const { call, governor } = await limitCall(server, chainAt, limit);
      const account = really ? await signerFor(server, own) : null;
      if (account) refuseOthers(account.address, governor);
      const sent = account ? await sendAll([call], account, chainAt) : [];
      if (json) terminal.result({ governor, calls: [call], sent });
      else
        for (const line of account
          ? sentLines(sent)
          : [
              `for the governor, ${governor}`,
              ...callLines([call], server.addresses),
              call.data,
              NOTHING_SENT,
            ])
          terminal.line(line);
      return 0;
    });
  },
});
