import type { UnixSeconds } from "@sooth/kernel";
import { eraseReason, eventRecord, listEvents, serverTime, stepEvent } from "@sooth/oracle";
import { userInfo } from "node:os";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { command, type Terminal } from "../cli/command.ts";
import { tableArgs, withTables } from "../tables.ts";

const id = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, "must be an event's id, as the list shows it")
  .describe("id of the event");
const step = {
  id,
  why: z.string().min(1).describe("what you found; whoever reads the record later reads this"),
  who: z.string().default(`${userInfo().username} (ops)`).describe("who you are"),
  ...tableArgs,
};

export const securityList = command({
  name: "security list",
  about: "shows what the security monitor and watchers saw, latest first",
  args: z.object({
    state: z.enum(["open", "triaged", "closed"]).optional().describe("only those in this state"),
    severity: z.coerce.number().int().min(1).max(5).default(1).describe("this grave or graver, 1 to 5"),
    limit: z.coerce.number().int().min(1).max(1_000).default(50).describe("at most so many"),
    ...tableArgs,
  }),
  run: ({ state, severity, limit, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const events = await listEvents(store.db, { state, severity, limit });
      if (json) {
        terminal.result(events.map(({ event }) => event));
        return;
      }
      if (events.length === 0) terminal.line("no events");
      for (const { event } of events) {
        terminal.line(
          columns([[`severity ${event.severity}`, event.state, event.rule, date(event.at), event.id]]),
        );
        terminal.line(`  ${event.summary}`);
        if (event.note !== null) terminal.line(`  ${event.note}`);
      }
    }),
});

export const securityTriage = command({
  name: "security triage",
  about: "says that somebody looks at an event",
  args: z.object(step),
  positional: ["id", "why"],
  run: (args, terminal) => move("triaged", args, terminal),
});

export const securityClose = command({
  name: "security close",
  about: "ends an event's record, with what was found",
  args: z.object(step),
  positional: ["id", "why"],
  run: (args, terminal) => move("closed", args, terminal),
});

export const securityReopen = command({
  name: "security reopen",
  about: "opens an event again that was closed by mistake",
  args: z.object(step),
  positional: ["id", "why"],
  run: (args, terminal) => move("open", args, terminal),
});

export const securityErase = command({
  name: "security erase",
  about: "forgets the text of a dispute's reason for good; its hash is on the chain and stays",
  args: z.object({
    id: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "must be the hash of a reason, as the dispute shows it")
      .describe("hash of the reason"),
    ...tableArgs,
  }),
  positional: ["id"],
  run: ({ id: hash, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const erased = await eraseReason(store.db, hash);
      if (json) terminal.result({ hash, erased });
      else terminal.line(erased ? `${hash} is erased` : `no text of ${hash} is kept here`);
    }),
});

type Step = { id: string; why: string; who: string; json: boolean; dataDir: string };

const move = (to: "open" | "triaged" | "closed", { id, why, who, json, dataDir }: Step, terminal: Terminal) =>
  withTables(dataDir, async (store) => {
    const at = serverTime() as UnixSeconds;
    await store.transaction((tx) => stepEvent(tx, id, { to, why, who, at }));
    const record = await eventRecord(store.db, id);
    if (json) terminal.result(record);
    else terminal.line(`${record.rule} is ${record.state}: ${why}`);
  });

const date = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
