import { orderTypedData } from "@sooth/bundles/core";
import { writeFile } from "node:fs/promises";
import type { Address } from "@sooth/kernel";
import { z } from "zod";
import { keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { openServer, signerFor, withChains } from "../bundle/network.ts";
import { openAsked } from "../bundle/open.ts";
import {
  cancelCall,
  lookAtOrder,
  orderLines,
  orderText,
  planOrder,
  planTaking,
  readOrder,
  type SignedOrder,
} from "../bundle/order.ts";
import { sendDue } from "../bundle/send-due.ts";
import { sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";

const order = z.string().describe("the file that bundle order sign wrote");

export const bundleOrderSign = command({
  name: "bundle order sign",
  about:
    "signs an offer of tokens on one chain for tokens on another, of which others take parts, and writes it to a file; --send lets the contract take what it gives",
  args: z.object({
    file: z
      .string()
      .describe(
        "JSON: gives and wants (chainId, token, amount), seconds, and what else is wanted (docs/bundles.md)",
      ),
    out: z.string().default("order.json").describe("the signed order, for whoever may take it"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["file"],
  run: async ({ file, out, send: really, url, deployment, json, ...key }, terminal) => {
    const server = await openServer(url, { signs: true, deployment });
    const account = await signerFor(server, key);
    const { orders } = server.addresses;
    return withChains(server, async (chainAt) => {
      const planned = await planOrder({ orders, chainAt }, file, account.address, server.now());
      const { chainId, order: terms, calls } = planned;
      const signature = await account.signTypedData(orderTypedData({ chainId, orders }, terms));
      const signed = { chainId, order: terms, signature };
      await write(out, orderText(signed));
      const sent = really ? await sendAll(calls, account, chainAt) : [];
      const shown = await lookAtOrder({ orders, chainAt }, signed, out);
      if (json) terminal.result({ order: out, digest: shown.digest, calls, sent });
      else
        for (const line of [
          ...orderLines(signed, shown),
          `${out} has it: whoever gets the file may take what the order lets him`,
          ...(really ? sentLines(sent) : [...callLines(calls, server.addresses), NOTHING_SENT]),
        ])
          terminal.line(line);
      return 0;
    });
  },
});

export const bundleOrderStatus = command({
  name: "bundle order status",
  about: "shows what is left of a signed order, and what of that its maker has; ends with 1 where none is",
  args: z.object({ order, ...shared }),
  positional: ["order"],
  run: async ({ order: file, url, deployment, json }, terminal) => {
    const signed = await readOrder(file);
    const server = await openServer(url, { signs: false, deployment });
    const { orders } = server.addresses;
    const shown = await withChains(server, (chainAt) => lookAtOrder({ orders, chainAt }, signed, file));
    const { left, covered, ...rest } = shown;
    if (json) terminal.result({ ...rest, left: String(left), covered: String(covered) });
    else for (const line of orderLines(signed, shown)) terminal.line(line);
    return shown.over === null ? 0 : 1;
  },
});

export const bundleOrderCancel = command({
  name: "bundle order cancel",
  about:
    "ends an order of this key's: no more parts of it are set aside; those that are end as their bundles do",
  args: z.object({
    order,
    all: z.boolean().default(false).describe("and all others that this key has signed on its chain"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["order"],
  run: ({ order: file, all, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { orders } = server.addresses;
      const signed = await readOrder(file);
      const call = cancelCall(orders, signed, account, all);
      const shown = await lookAtOrder({ orders, chainAt }, signed, file);
      return { calls: all || shown.over === null ? [call] : [], says: orderLines(signed, shown) };
    }),
});

export const bundleOrderTake = command({
  name: "bundle order take",
  about:
    "takes a part of a signed order: opens the bundle that pays its maker, has the part set aside, and pays in",
  args: z.object({
    order,
    amount: z
      .string()
      .regex(/^[1-9]\d*$/, "wants units of the token, a whole number")
      .transform(BigInt)
      .optional()
      .describe("units of what the maker gives; else all that can be had"),
    to: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
      .optional()
      .describe("who gets it; else the key's own address"),
    seconds: z.coerce
      .number("wants seconds")
      .int()
      .positive()
      .default(3_600)
      .describe("to the bundle's deadline; no longer than the order lets a part be held"),
    pay: z
      .boolean()
      .default(false)
      .describe("opens it itself and pays the fee; else the credit at the hub does"),
    fee: z
      .string()
      .regex(/^\d+$/, "wants wei, a whole number")
      .transform(BigInt)
      .optional()
      .describe("wei of the hub; else what relaying is likely to cost"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["order", "amount"],
  run: async (o, terminal) => {
    const { order: file, amount, to, seconds, pay, fee, send: really, url, deployment, json, ...key } = o;
    const signed = await readOrder(file);
    const server = await openServer(url, { signs: true, deployment });
    const account = await signerFor(server, key);
    const { orders } = server.addresses;
    return withChains(server, async (chainAt) => {
      const shown = await lookAtOrder({ orders, chainAt }, signed, file);
      const asking = { signed, shown, own: account.address, signs: really };
      const wanted = { amount, to: to as Address | undefined, seconds, fee };
      const planned = await planTaking(server, chainAt, asking, wanted);
      // With --send nobody asks again: what is given for what stands there before anything is signed.
      if (!json)
        for (const line of [...orderLines(signed, shown), takingLine(signed, planned)]) terminal.line(line);
      const how = { pay, send: really, json };
      await openAsked({ server, account, chainAt }, planned.asked, how, terminal);
      return 0;
    });
  },
});

const takingLine = (
  { chainId, order: terms }: SignedOrder,
  { amount, pays }: { amount: bigint; pays: bigint },
): string =>
  `takes ${amount} of the token ${terms.giveToken} on chain ${chainId}, and pays ${terms.recipient} ${pays} of the token ${terms.wantToken} on chain ${terms.wantChainId}`;

/** Whoever loses a signed order cannot say which to cancel, so none is written over. @throws ops.unwritable */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    throw OpsError.unwritable({ file, why: (error as Error).message }, { cause: error });
  }
}
