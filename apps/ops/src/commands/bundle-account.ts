import type { Address, Hex } from "@sooth/kernel";
import { z } from "zod";
import { accountOn, accountText, callsByAccount, takeHome } from "../bundle/account.ts";
import { amount, keys, send, shared } from "../bundle/arguments.ts";
import { openServer, signerFor, withChains } from "../bundle/network.ts";
import { sendDue } from "../bundle/send-due.ts";
import { command } from "../cli/command.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const address = z
  .string()
  .regex(ADDRESS, "wants an address")
  .transform((text) => text as Address);
const chain = z.coerce.number("wants a chain's number").int().positive().describe("on this chain");

export const bundleAccount = command({
  name: "bundle account",
  about:
    "shows an owner's account on every chain: legs of kind account are called from it, and it holds what they leave",
  args: z.object({
    owner: address.optional().describe("whose; else whoever would sign"),
    tokens: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40})*$/, "wants addresses, with commas in between")
      .optional()
      .describe("how much of these it holds, on each chain that has them"),
    ...keys,
    ...shared,
  }),
  run: async ({ owner, tokens, url, deployment, json, ...key }, terminal) => {
    const server = await openServer(url, { signs: false, deployment });
    const whose = owner ?? (await signerFor(server, key)).address;
    const { settler } = server.addresses;
    const chainIds = [server.network.hub, ...server.network.rollups].map(({ chainId }) => chainId);
    const asked = (tokens?.split(",") ?? []) as Address[];
    const shown = await withChains(server, (chainAt) =>
      Promise.all(
        chainIds.map(async (chainId) => ({
          chainId,
          account: await accountOn({ settler, chainAt }, chainId, whose, asked),
        })),
      ),
    );
    if (json)
      terminal.result({
        owner: whose,
        chains: shown.map(({ chainId, account }) => ({
          chainId,
          account: account && {
            ...account,
            coins: String(account.coins),
            tokens: account.tokens.map((one) => ({ ...one, amount: String(one.amount) })),
          },
        })),
      });
    else
      for (const { chainId, account } of shown)
        terminal.line(account ? accountText(account) : `chain ${chainId}  no node of it is at hand`);
    return 0;
  },
});

export const bundleAccountTake = command({
  name: "bundle account take",
  about: "brings home what the account of this key holds: a token, or the chain's coins",
  args: z.object({
    chain,
    token: address.optional().describe("of this token; else the chain's coins"),
    units: z
      .string()
      .regex(/^\d+$/, "wants a whole number")
      .transform(BigInt)
      .optional()
      .describe("so many of its smallest units; else all"),
    to: address.optional().describe("where to; else the key's own address"),
    send,
    ...keys,
    ...shared,
  }),
  run: ({ chain: chainId, token, units, to, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const where = { settler: server.addresses.settler, chainAt };
      const what = { token: token ?? null, amount: units ?? null, to: to ?? account };
      return { calls: await takeHome(where, chainId, account, what), says: [] };
    }),
});

export const bundleAccountCall = command({
  name: "bundle account call",
  about: "calls a contract from the account of this key, as legs of kind account do",
  args: z.object({
    target: address.describe("who is called"),
    chain,
    data: z
      .string()
      .regex(/^0x([0-9a-fA-F]{2})*$/, "wants 0x and bytes")
      .default("0x")
      .transform((text) => text as Hex)
      .describe("calldata"),
    value: amount
      .optional()
      .describe("coins that the account sends along, with their unit: 0.01ether, or 5wei"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["target"],
  run: ({ chain: chainId, target, data, value = 0n, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const where = { settler: server.addresses.settler, chainAt };
      return { calls: await callsByAccount(where, chainId, account, { target, value, data }), says: [] };
    }),
});
