import type { Hex } from "@sooth/kernel";
import { brakeLimits, disputedQuestions, securingAnswers, tripValueCall, unheldAnswers } from "@sooth/oracle";
import { disputeEvidence, heaviestHour, tripOf } from "@sooth/oracle/core";
import type { Store } from "@sooth/store";
import { guardAbi } from "@sooth/abi";
import { encodeFunctionData } from "viem";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { type HubTarget, openHubAlone, openRollupsHere, openTables } from "../checks/target.ts";
import { command, type Terminal } from "../cli/command.ts";
import {
  type Desk,
  holdSteps,
  pauseStep,
  perform,
  rehearse,
  requireChain,
  requireGuardian,
  type Step,
} from "../emergency/act.ts";
import { acting, hours, secondsOf, shared } from "../emergency/arguments.ts";
import { brakesOf, brakeTexts } from "../emergency/bundle-brakes.ts";
import { type Drilled, runDrill } from "../emergency/drill.ts";
import { signerOf } from "../emergency/guardian.ts";
import { recordFile } from "../emergency/record.ts";
import { nextSteps, type Situation, situationOf, situationText, time } from "../emergency/situation.ts";
import { OpsError } from "../ops-error.ts";
import { quietLogs } from "../quiet-logs.ts";

const KEPT_LOG_LINES = 40;
type Acting = {
  why: string;
  who: string;
  keystore?: string | undefined;
  passwordFile?: string | undefined;
  yes: boolean;
  json: boolean;
  dataDir: string;
};

export const emergencyStatus = command({
  name: "emergency status",
  about: "shows pause, breakers, what is not final and what waits, and says what to do next",
  args: z.object(shared),
  run: async ({ json, dataDir }, terminal) => {
    const target = openHubAlone(dataDir);
    const rollups = openRollupsHere(dataDir);
    try {
      await requireChain(target);
      const situation = await situationWith(target, dataDir);
      const bundles = await brakeTexts(brakesOf(target.hub, rollups, target.addresses));
      if (json)
        terminal.result({
          ...plain(situation),
          bundles: Object.fromEntries(bundles),
          next: nextSteps(situation),
        });
      else tell(situation, terminal, bundles);
      return 0;
    } finally {
      await Promise.all([target.close(), ...rollups.map((chain) => chain.close())]);
    }
  },
});

export const emergencyPause = command({
  name: "emergency pause",
  about: "the guardian holds up reports and the court clock, for 72 hours at most; it ends by itself",
  args: z.object({
    hours,
    ...acting,
  }),
  run: ({ hours: wanted, ...args }, terminal) =>
    acted(args, terminal, async (desk) => {
      await requireGuardian(desk);
      return [pauseStep(desk.addresses, secondsOf(wanted))];
    }),
});

export const emergencyHold = command({
  name: "emergency hold",
  about: "adds the rest of a pause to answers that are not final, so that none becomes final in it",
  args: z.object({
    ids: z
      .string()
      .optional()
      .transform((text) => text?.split(",").map((id) => id.trim()))
      .pipe(
        z
          .array(z.string().regex(/^0x[0-9a-fA-F]{64}$/, "wants ids of questions, separated by commas"))
          .optional(),
      )
      .describe("ids of questions, separated by commas"),
    all: z.boolean().default(false).describe("all that the tables know of"),
    ...acting,
    why: z.string().min(1).default("a pause is under way").describe("why; it is kept with what was done"),
  }),
  positional: ["ids"],
  run: ({ ids, all, ...args }, terminal) =>
    acted(args, terminal, async (desk) => {
      const { pause, now } = await situationOf(desk.hub, desk.addresses, undefined);
      if (pause === null || now >= pause.until)
        throw OpsError.not_due({ what: "nobody paused, so nothing can be held" });
      if (!all && ids === undefined) throw OpsError.not_due({ what: "name ids, or say --all" });
      const wanted = all
        ? await withStore(args.dataDir, (store) => unheldAnswers(store.db, pause.number, now))
        : (ids as Hex[]);
      if (wanted.length === 0)
        throw OpsError.not_due({ what: "the pause was added to every answer that is not final" });
      return holdSteps(desk.addresses, wanted);
    }),
});

export const emergencyTrip = command({
  name: "emergency trip",
  about: "trips the breaker that is due, when the worker did not; windows for objections double for 24 hours",
  args: z.object({
    ...acting,
    why: z.string().min(1).default("it is due").describe("why; it is kept with what was done"),
  }),
  run: (args, terminal) =>
    acted(args, terminal, async (desk) => [await withStore(args.dataDir, (store) => tripStep(desk, store))]),
});

export const emergencyDrill = command({
  name: "emergency drill",
  about: "plays a whole emergency on a throwaway network: wrong answers, pause, hold, dispute, jury, final",
  args: z.object({
    pauseSeconds: z.coerce.number().int().min(20).max(600).default(30).describe("for how long to pause"),
    json: shared.json,
  }),
  run: async ({ pauseSeconds, json }, terminal) => {
    const logs = quietLogs(KEPT_LOG_LINES);
    const onStep = (text: string): void => void (json || terminal.line(text));
    try {
      const drilled = await runDrill({ pauseSeconds, onStep });
      if (json) terminal.result(drilled);
      else tellDrill(drilled, terminal);
      return drilled.wrong.length === 0 ? 0 : 1;
    } catch (error) {
      for (const line of logs()) terminal.complain(line);
      throw error;
    }
  },
});

/* INSIDE */

/** Rehearses or performs what `plan` says, and ends with what to check next. */
async function acted(
  args: Acting,
  terminal: Terminal,
  plan: (desk: Desk) => Promise<Step[]>,
): Promise<number> {
  const { why, who, yes, json, dataDir } = args;
  const target = openHubAlone(dataDir);
  try {
    await requireChain(target);
    const account = await signerOf(args, target.config, target.isLaptop);
    const desk: Desk = { ...target, account, who, file: recordFile(dataDir) };
    const steps = await plan(desk);
    const told: object[] = [];
    for (const step of steps) {
      const { action, to, data } = step;
      if (!yes) await rehearse(desk, step, why);
      const done = yes ? await perform(desk, step, why) : null;
      told.push({ action, to, data, ...done });
      if (json) continue;
      terminal.line(
        done
          ? `${action}: in block ${done.block} (${time(done.at)}), transaction ${done.transaction}`
          : `would ${action}: ${account.address} calls ${to} with\n  ${data.length > 400 ? `${data.slice(0, 400)}... (${data.length / 2 - 1} bytes)` : data}`,
      );
    }
    const situation = await situationWith(target, dataDir);
    const next = nextSteps(situation);
    if (json) terminal.result({ sent: yes, steps: told, situation: plain(situation), next });
    else {
      terminal.line(
        yes ? `written to ${desk.file}\n` : "\nnothing was sent: it would go through now; --yes sends it\n",
      );
      tell(situation, terminal);
    }
    return 0;
  } finally {
    await target.close();
  }
}

async function tripStep({ hub, addresses }: Desk, store: Store): Promise<Step> {
  const { db } = store;
  const [now, limits, disputed] = await Promise.all([
    hub.now(),
    brakeLimits(hub, addresses),
    disputedQuestions(db),
  ]);
  // One that becomes final while this is sent would make it revert.
  const hour = heaviestHour(await securingAnswers(db, now + 2 * hub.definition.blockSeconds));
  const shown = disputeEvidence(disputed);
  const why = tripOf({ hour, disputed: shown, ...limits });
  if (why === null) throw OpsError.not_due({ what: "neither value nor disputes are beyond their limits" });
  const data =
    why === "value"
      ? await tripValueCall(db, hour)
      : encodeFunctionData({ abi: guardAbi, functionName: "tripDisputes", args: [shown] });
  return { action: `trip the breaker of ${why}`, to: addresses.guard, data };
}

async function withStore<T>(dataDir: string, run: (store: Store) => Promise<T>): Promise<T> {
  const store = openTables(dataDir);
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}

/** Tables that cannot be read are told of, and keep nobody from pausing. */
async function situationWith({ hub, addresses }: HubTarget, dataDir: string): Promise<Situation> {
  let store: Store | undefined;
  try {
    store = openTables(dataDir);
    return await situationOf(hub, addresses, store);
  } catch {
    return await situationOf(hub, addresses, undefined);
  } finally {
    await store?.close();
  }
}

function tell(situation: Situation, terminal: Terminal, bundles: readonly [string, string][] = []): void {
  terminal.line(columns([...situationText(situation), ...bundles]));
  for (const step of nextSteps(situation)) terminal.line(`next: ${step}`);
}

function tellDrill({ moments, wrong, file }: Drilled, terminal: Terminal): void {
  terminal.line("\nseconds after the wrong answer");
  terminal.line(columns(moments.map(({ seconds, what }) => [seconds.toFixed(0).padStart(6), what])));
  terminal.line(`\n${file}`);
  terminal.line(
    wrong.length === 0 ? "all went as it should" : wrong.map((each) => `WRONG: ${each}`).join("\n"),
  );
}

/** JSON knows no bigint. */
const plain = (situation: Situation): object =>
  JSON.parse(
    JSON.stringify(situation, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  ) as object;
