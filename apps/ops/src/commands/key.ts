import {
  type ApiKey,
  createKey,
  type IssuedKey,
  listKeys,
  revokeKey,
  rotateKey,
  serverTime,
} from "@sooth/oracle";
import { KEY_SCOPES, type KeyScope } from "@sooth/oracle/core";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { command, type Terminal } from "../cli/command.ts";
import { tableArgs, withTables } from "../tables.ts";

const DAY = 86_400;
const count = z.coerce.number().int().positive();
const id = z.string().describe("the visible part of a key, as the list shows it");
const scopes = z
  .string()
  .default("read,events")
  .transform((text) => text.split(",").map((scope) => scope.trim()))
  .pipe(z.array(z.enum(KEY_SCOPES)))
  .describe(`comma list of ${KEY_SCOPES.join(", ")}`);

export const keyCreate = command({
  name: "key create",
  about: "issues an API key and shows it, this once",
  args: z.object({
    name: z.string().describe("whose it is, for people"),
    scopes,
    days: count.default(90).describe("for how long it is good, 366 at most"),
    perSecond: count.optional().describe("requests each second, instead of the usual"),
    burst: count.optional().describe("requests at once, instead of the usual"),
    streams: count.optional().describe("event streams at once, instead of the usual"),
    ...tableArgs,
  }),
  positional: ["name"],
  run: ({ name, scopes, days, perSecond, burst, streams, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const now = serverTime();
      const wanted = { owner: null, name, scopes: scopes as KeyScope[], expiresAt: now + days * DAY };
      show(terminal, json, await createKey(store.db, { ...wanted, perSecond, burst, streams }, now));
    }),
});

export const keyList = command({
  name: "key list",
  about: "shows all API keys but what opens them",
  args: z.object(tableArgs),
  run: ({ json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const keys = await listKeys(store.db);
      if (json) terminal.result(keys);
      else if (keys.length === 0) terminal.line("no keys");
      else terminal.line(columns([HEAD, ...keys.map(cells)]));
    }),
});

export const keyRotate = command({
  name: "key rotate",
  about: "puts a new key in the place of one, which stays good for a while",
  args: z.object({
    id,
    graceHours: z.coerce
      .number()
      .min(0)
      .max(168)
      .default(24)
      .describe("for how long the old one is good yet"),
    ...tableArgs,
  }),
  positional: ["id"],
  run: ({ id, graceHours, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const o = { id, graceSeconds: Math.round(graceHours * 3600) };
      show(terminal, json, await store.transaction((tx) => rotateKey(tx, o, serverTime())));
    }),
});

export const keyRevoke = command({
  name: "key revoke",
  about: "ends a key at once",
  args: z.object({ id, ...tableArgs }),
  positional: ["id"],
  run: ({ id, json, dataDir }, terminal) =>
    withTables(dataDir, async (store) => {
      const key = await revokeKey(store.db, { id }, serverTime());
      if (json) terminal.result(key);
      else terminal.line(`${key.id} opens nothing any more`);
    }),
});

function show(terminal: Terminal, json: boolean, { text, key }: IssuedKey): void {
  if (json) {
    terminal.result({ ...key, text });
    return;
  }
  terminal.line(text);
  terminal.line(`\nShown this once. Good for ${key.scopes.join(", ")} until ${date(key.expiresAt)}.`);
}

const HEAD = ["id", "name", "owner", "scopes", "until", "last used", "state"];
const date = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
const cells = (key: ApiKey): string[] => [
  key.id,
  key.name,
  key.owner ?? "operator",
  key.scopes.join(","),
  date(key.expiresAt),
  key.lastUsedAt === null ? "never" : date(key.lastUsedAt),
  stateOf(key),
];

function stateOf({ revokedAt, replacedBy, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return "revoked";
  if (expiresAt <= serverTime()) return "expired";
  return replacedBy === null ? "good" : `replaced by ${replacedBy}`;
}
