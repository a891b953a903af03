import {
  type ListedPhase,
  listFailedPhases,
  type RefusedPayment,
  refusedPayments,
  retryPayments,
  retryPhases,
} from "@sooth/markets";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { command, type Terminal } from "../cli/command.ts";
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

const nextOfPhase = ({ againBlock, againAt }: ListedPhase): string => {
  if (againBlock === null) return `given up; once more at ${time(againAt ?? 0)}`;
  return againBlock === 0 ? "with the next block" : `again from block ${againBlock}`;
};

export const paymentList = command({
  name: "payment list",
  about:
    "shows payments and phases of markets that failed by themselves: whose, why, and when they are tried again",
  args: z.object(shared),
  run: ({ json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const [payments, phases] = await Promise.all([refusedPayments(store.db), listFailedPhases(store.db)]);
      if (json) return terminal.result({ payments: payments.map(asJson), phases });
      if (phases.length > 0) tellPhases(phases, terminal);
      if (payments.length === 0) {
        if (phases.length === 0)
          terminal.line("no payment is put aside, and no phase of a market has failed");
        return undefined;
      }
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

function tellPhases(phases: readonly ListedPhase[], terminal: Terminal): void {
  const rows = phases.map((one) => [one.phase, one.market, String(one.failures), nextOfPhase(one)]);
  const lines = columns([["phase", "market", "tries", "next"], ...rows], [2]).split("\n");
  terminal.line(lines[0]);
  for (const [index, { key, reason }] of phases.entries()) {
    terminal.line(lines[index + 1]);
    terminal.line(`  ${key}: ${reason ?? "no reason told"}`);
  }
}

export const paymentRetry = command({
  name: "payment retry",
  about:
    "has payments and phases that failed tried again with the next block; what was paid meanwhile is not paid twice",
  args: z.object({
    which: z.string().describe(`a payment or a phase as the list names it, a market, or ${ALL}`),
    ...shared,
  }),
  positional: ["which"],
  run: ({ which, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const isChosen = ({ key, market }: { key: string; market: string }) =>
        which === ALL || key === which || market === which.toLowerCase();
      const payments = (await refusedPayments(store.db)).filter(isChosen);
      const phases = (await listFailedPhases(store.db)).filter(isChosen).map(({ key }) => key);
      const chosen = [...payments.map(({ key }) => key), ...phases];
      if (which !== ALL && chosen.length === 0) throw OpsError.no_payment({ said: which });
      await retryPayments(store, payments);
      await retryPhases(store, phases);
      if (json) terminal.result({ retried: chosen });
      else terminal.line(`${chosen.length} tried again with the next block`);
    }),
});
