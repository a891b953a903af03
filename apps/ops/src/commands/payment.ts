import { type RefusedPayment, refusedPayments, retryPayments } from "@sooth/markets";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { withTables } from "../tables.ts";
import { time } from "../verify/verify-question.ts";

const shared = {
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
  dataDir: z
    .string()
    .default(".sooth")
    .describe("data folder of the network on this machine, unless DATABASE_URL names another"),
};
const ALL = "all";

const nextOf = (againAt: number | null): string => {
  if (againAt === null) return "given up";
  // As a retry leaves it.
  return againAt === 0 ? "with the next block" : `again at ${time(againAt)}`;
};

const asJson = ({ amount, ...rest }: RefusedPayment) => ({
  ...rest,
  amount: amount === null ? null : String(amount),
});

export const paymentList = command({
  name: "payment list",
  about: "shows payments of markets that failed by themselves: whose, why, and when they are tried again",
  args: z.object(shared),
  run: ({ json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const payments = await refusedPayments(store.db);
      if (json) return terminal.result({ payments: payments.map(asJson) });
      if (payments.length === 0) return terminal.line("no payment is put aside");
      const rows = payments.map(({ of, what, owner, amount, attempts, againAt }) => [
        `${what} of ${of}`,
        owner,
        amount === null ? "" : String(amount),
        String(attempts),
        nextOf(againAt),
      ]);
      const lines = columns([["payment", "to", "amount", "tries", "next"], ...rows], [2, 3]).split("\n");
      terminal.line(lines[0]);
      for (const [index, { key, reason }] of payments.entries()) {
        terminal.line(lines[index + 1]);
        terminal.line(`  ${key}: ${reason ?? "no reason told"}`);
      }
      return undefined;
    }),
});

export const paymentRetry = command({
  name: "payment retry",
  about:
    "has payments that failed tried again with the next block; what was paid meanwhile is not paid twice",
  args: z.object({
    which: z.string().describe(`a payment as the list names it, a market, or ${ALL}`),
    ...shared,
  }),
  positional: ["which"],
  run: ({ which, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const aside = await refusedPayments(store.db);
      const chosen = aside.filter(
        ({ key, market }) => which === ALL || key === which || market === which.toLowerCase(),
      );
      if (which !== ALL && chosen.length === 0) throw OpsError.no_payment({ said: which });
      await retryPayments(store, chosen);
      if (json) terminal.result({ retried: chosen.map(({ key }) => key) });
      else terminal.line(`${chosen.length} tried again with the next block`);
    }),
});
