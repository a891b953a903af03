import type { Address } from "@sooth/kernel";
import { z } from "zod";
import { amount, keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { creditOf, depositCall, withdrawCall } from "../bundle/credit.ts";
import { type ChainAt, type Key, openServer, type Server, signerFor, withChains } from "../bundle/network.ts";
import { type Call, sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { weiText } from "../bundle/words.ts";
import { OpsError } from "../ops-error.ts";
import { command, type Terminal } from "../cli/command.ts";

export const bundleCredit = command({
  name: "bundle credit",
  about: "shows what an account has at the hub: it pays the fees of bundles that are signed and handed over",
  args: z.object({
    account: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
      .optional()
      .describe("whose; else whoever would sign"),
    ...keys,
    ...shared,
  }),
  run: async ({ account, url, deployment, json, ...key }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const whose = (account ?? (await signerFor(server, key)).address) as Address;
    const credit = await withChains(server, (chainAt) => creditOf(server, whose, chainAt));
    if (json) terminal.result({ account: whose, credit: String(credit) });
    else terminal.line(`${whose} has ${weiText(credit)} of credit at the hub`);
    return 0;
  },
});

const moving = { amount, send, ...keys, ...shared };

export const bundleCreditDeposit = command({
  name: "bundle credit deposit",
  about: "pays in at the hub what fees of one's bundles are paid from",
  args: z.object(moving),
  positional: ["amount"],
  run: (args, terminal) => move({ ...args, callOf: depositCall }, terminal),
});

export const bundleCreditWithdraw = command({
  name: "bundle credit withdraw",
  about: "pays credit at the hub out to the account that has it",
  args: z.object(moving),
  positional: ["amount"],
  run: (args, terminal) => move({ ...args, callOf: withdrawCall, refuse: refuseBeyondCredit }, terminal),
});

/** @throws ops.little_credit */
async function refuseBeyondCredit(
  server: Server,
  owner: Address,
  wanted: bigint,
  chainAt: ChainAt,
): Promise<void> {
  const credit = await creditOf(server, owner, chainAt);
  if (credit < wanted)
    throw OpsError.little_credit({ owner, credit: weiText(credit), wanted: weiText(wanted) });
}

type Moving = Key & {
  amount: bigint;
  send: boolean;
  url: string;
  deployment?: string | undefined;
  json: boolean;
  callOf(server: Server, account: Address, amount: bigint): Call;
  /** Before anything is sent. */
  refuse?(server: Server, account: Address, amount: bigint, chainAt: ChainAt): Promise<void>;
};

async function move(o: Moving, terminal: Terminal): Promise<number> {
  const server = await openServer(o.url, { signs: true, deployment: o.deployment });
  const account = await signerFor(server, o);
  const calls = [o.callOf(server, account.address, o.amount)];
  if (!o.send) {
    if (o.json) terminal.result({ calls, sent: [] });
    else for (const line of [...callLines(calls, server.addresses), NOTHING_SENT]) terminal.line(line);
    return 0;
  }
  return withChains(server, async (chainAt) => {
    await o.refuse?.(server, account.address, o.amount, chainAt);
    const sent = await sendAll(calls, account, chainAt);
    const credit = await creditOf(server, account.address, chainAt);
    if (o.json) terminal.result({ sent, credit: String(credit) });
    else
      for (const line of [
        ...sentLines(sent),
        `${account.address} has ${weiText(credit)} of credit at the hub`,
      ])
        terminal.line(line);
    return 0;
  });
}
