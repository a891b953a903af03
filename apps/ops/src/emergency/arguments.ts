import { userInfo } from "node:os";
import { z } from "zod";

const HOUR = 3_600;
const MOST_HOURS = 72;

/** Arguments that commands of emergencies share. */
export const shared = {
  json: z.boolean().default(false).describe("one JSON value, nothing else"),
  dataDir: z
    .string()
    .default(".sooth")
    .describe("data folder of the network on this machine, unless the environment names another"),
};
export const acting = {
  why: z.string().min(1).describe("why; it is kept with what was done"),
  who: z.string().default(userInfo().username).describe("who you are"),
  keystore: z.string().optional().describe("keystore file (version 3) of the key, instead of GUARDIAN_KEY"),
  passwordFile: z.string().optional().describe("file with the keystore's password"),
  yes: z.boolean().default(false).describe("send it; without this it is only rehearsed"),
  ...shared,
};
export const hours = z.coerce
  .number("wants a number of hours")
  .positive("wants more than nothing")
  .max(MOST_HOURS, "the guard allows 72 hours at most")
  .describe("for how long, 72 at most; it cannot be made longer or shorter afterwards");
export const secondsOf = (wanted: number): number => Math.max(1, Math.round(wanted * HOUR));
