import { z } from "zod";
import type { Command } from "./command.ts";
import { flagOf, isSwitch } from "./parse.ts";

const WIDTH = 26;
const row = (left: string, right: string): string =>
  left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}` : `  ${left}\n  ${" ".repeat(WIDTH)}${right}`;

/** All commands, one line each. */
export const helpText = (commands: readonly Command[]): string =>
  [
    "Sooth's tools for operators and the curious: sooth COMMAND, in the repository npx sooth COMMAND.",
    "",
    ...commands.map(({ name, about }) => row(name, about)),
    "",
    "Any command with --help tells its arguments. Paths count from the repository's folder.",
  ].join("\n");

/** Some commands that share their first word, each with its usage. */
export const groupHelp = (commands: readonly Command[]): string =>
  [
    ...commands.flatMap((each) => [`  ${usageOf(each)}`, `      ${each.about}`]),
    "",
    "Each with --help tells its arguments.",
  ].join("\n");

const usageOf = ({ name, args, positional = [] }: Command): string =>
  [
    "sooth",
    name,
    ...positional.map((key) => placeOf(key, args.shape[key])),
    ...(Object.keys(args.shape).length > 0 ? ["[flags]"] : []),
  ].join(" ");

/** `<QUESTION>` where a command wants it, `[QUESTION]` where it may be left out. */
const placeOf = (key: string, schema: z.core.$ZodType | undefined): string =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? `[${key.toUpperCase()}]`
    : `<${key.toUpperCase()}>`;

/** One command with its arguments. */
export function commandHelp(command: Command): string {
  const { about, args, positional = [] } = command;
  const flags = Object.entries(args.shape).map(([key, schema]) => {
    const type = schema as z.ZodType;
    const label = positional.includes(key)
      ? placeOf(key, type)
      : `${flagOf(key)}${isSwitch(type) ? "" : ` ${valueName(type)}`}`;
    return row(label, type.description ?? "");
  });
  return [about, "", `  ${usageOf(command)}`, ...(flags.length > 0 ? ["", ...flags] : [])].join("\n");
}

const valueName = (schema: z.core.$ZodType): string => {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return valueName(schema.def.innerType);
  return schema instanceof z.ZodNumber ? "N" : "TEXT";
};
