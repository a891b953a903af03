import { at } from "@sooth/kernel";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import type { Command } from "./command.ts";
import { nearest } from "./nearest.ts";

export type Parsed = { command: Command; args: Record<string, unknown>; help: boolean };

/** `--kill-server` for `killServer`. */
export const flagOf = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Finds the command that `argv` names (the longest name wins) and reads its arguments.
 * @throws ops.unknown_command, ops.unknown_flag, ops.bad_argument
 */
export function parse(argv: readonly string[], commands: readonly Command[]): Parsed {
  const command = findCommand(argv, commands);
  const rest = argv.slice(command.name.split(" ").length);
  if (asksForHelp(rest)) return { command, args: {}, help: true };
  return { command, args: readArgs(command, rest), help: false };
}

export const asksForHelp = (argv: readonly string[]): boolean =>
  argv.includes("--help") || argv.includes("-h");

/** The commands that begin with the words of `argv` and have more: of a noun alone, all its verbs. */
export function groupOf(argv: readonly string[], commands: readonly Command[]): readonly Command[] {
  const words = argv.filter((word) => !word.startsWith("-"));
  if (words.length === 0) return [];
  return commands.filter(({ name }) => name.startsWith(`${words.join(" ")} `));
}

/** @throws ops.unknown_command */
export function findCommand(argv: readonly string[], commands: readonly Command[]): Command {
  const command = commands
    .toSorted((a, b) => b.name.length - a.name.length)
    .find(({ name }) => name.split(" ").every((word, index) => argv[index] === word));
  if (!command) throw unknownCommand(argv, commands);
  return command;
}

function unknownCommand(argv: readonly string[], commands: readonly Command[]) {
  const words = argv.filter((word) => !word.startsWith("-"));
  const names = commands.map(({ name }) => name);
  const said = words.slice(0, 2).join(" ");
  // "deploy" alone is half of a command, not a misspelling of another.
  const half = names.find((name) => name.startsWith(`${words[0] ?? ""} `));
  const near = nearest(said, names) ?? nearest(words[0] ?? "", names) ?? (words[0] ? half : undefined);
  return OpsError.unknown_command({ said: words.length === 0 ? argv.join(" ") : said, near });
}

function readArgs(command: Command, tokens: readonly string[]): Record<string, unknown> {
  const given: Record<string, string | boolean> = {};
  const waiting = [...(command.positional ?? [])];
  for (let index = 0; index < tokens.length; index++) {
    const token = at(tokens, index);
    // "-3" is a number that its argument may refuse in its own words, and no flag.
    if (!token.startsWith("-") || /^-\.?\d/.test(token)) {
      const key = waiting.shift();
      if (key === undefined)
        throw OpsError.unknown_flag({ command: command.name, said: `argument "${token}"` });
      given[key] = token;
      continue;
    }
    const [flag = "", inline] = token.split(/=(.*)/s);
    const key = Object.keys(command.args.shape).find((name) => flagOf(name) === flag);
    if (key === undefined) {
      const flags = Object.keys(command.args.shape).map(flagOf);
      throw OpsError.unknown_flag({ command: command.name, said: flag, near: nearest(flag, flags) });
    }
    if (isSwitch(command.args.shape[key])) {
      if (inline !== undefined) throw bad(command, flag, "takes no value");
      given[key] = true;
      continue;
    }
    const value = inline ?? tokens[++index];
    if (value === undefined || (inline === undefined && value.startsWith("--")))
      throw bad(command, flag, "wants a value");
    given[key] = value;
  }
  const read = command.args.safeParse(given);
  if (read.success) return read.data;
  const issue = at(read.error.issues, 0);
  const key = String(issue.path[0] ?? "");
  const argument = command.positional?.includes(key) ? key.toUpperCase() : flagOf(key);
  const purpose = (command.args.shape[key] as z.ZodType | undefined)?.description ?? "";
  throw bad(command, argument, key in given ? wrongText(issue) : `is wanted: ${purpose}`);
}

const wrongText = (issue: z.core.$ZodIssue): string =>
  issue.code === "invalid_value" ? `wants one of ${issue.values.map(String).join(", ")}` : issue.message;

const bad = (command: Command, argument: string, wrong: string) =>
  OpsError.bad_argument({ command: command.name, argument, wrong });

/** A boolean argument is a switch: its presence is its value. */
export function isSwitch(schema: z.core.$ZodType | undefined): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return isSwitch(schema.def.innerType);
  return schema instanceof z.ZodBoolean;
}
