import type { Address, Hex } from "@sooth/kernel";
import { z } from "zod";
import { amount, id, keys, legsFile, send, shared } from "../bundle/arguments.ts";
import { topUpCall } from "../bundle/credit.ts";
import { lookAt } from "../bundle/look.ts";
import { owedOf, owedText, withdrawOwed } from "../bundle/owed.ts";
import { claimPotCall, duePots } from "../bundle/pot.ts";
import { sendDue } from "../bundle/send-due.ts";
import { weiText } from "../bundle/words.ts";
import { OpsError } from "../ops-error.ts";
import { command } from "../cli/command.ts";

export const bundleTopUp = command({
  name: "bundle top-up",
  about: "raises the fee of an open bundle, so that it pays bundlers again; anybody may",
  args: z.object({ id, amount, send, ...keys, ...shared }),
  positional: ["id", "amount"],
  run: ({ id: which, amount: wei, ...rest }, terminal) =>
    sendDue(rest, terminal, ({ server }) =>
      Promise.resolve({ calls: [topUpCall(server, which as Hex, wei)], says: [] }),
    ),
});

export const bundleWithdraw = command({
  name: "bundle withdraw",
  about: "pays out what escrows owe this key of a bundle's tokens, where a token refused to be handed over",
  args: z.object({
    id,
    to: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
      .optional()
      .describe("where to; else the key's own address, which the token may still refuse"),
    legs: legsFile,
    send,
    ...keys,
    ...shared,
  }),
  positional: ["id"],
  run: ({ id: which, to, legs: own, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, account, chainAt }) => {
      const { legs } = await lookAt(server, which, own, account);
      if (legs === null)
        throw OpsError.not_due({ what: "its legs are private, and --legs names no file that has them" });
      const owed = await owedOf(legs, server.addresses, chainAt);
      const calls = withdrawOwed(owed, server.addresses, account, (to ?? account) as Address);
      return { calls, says: owed.map(owedText) };
    }),
});

export const bundleClaimPot = command({
  name: "bundle claim-pot",
  about: "credits owners of attesters' seats with their part of bundles' fees; credit withdraw pays it out",
  args: z.object({
    epochs: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(8)
      .describe("how many epochs, the newest first"),
    seat: z.coerce.number().int().min(0).max(31).optional().describe("of this seat alone"),
    send,
    ...keys,
    ...shared,
  }),
  run: ({ epochs, seat, ...rest }, terminal) =>
    sendDue(rest, terminal, async ({ server, chainAt }) => {
      const found = await duePots(server, chainAt(server.hub.chainId), epochs);
      const due = found.filter((one) => seat === undefined || one.seat === seat);
      return {
        calls: due.map((one) => claimPotCall(server, one)),
        says: due.map((one) => `seat ${one.seat} of epoch ${one.epoch} has ${weiText(one.amount)} to claim`),
      };
    }),
});
