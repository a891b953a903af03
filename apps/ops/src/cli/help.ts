import { z } from "zod";
import type { Command } from "./command.ts";
import { flagOf, isSwitch } from "./parse.ts";

const WIDTH = 26;
const row = (left: string, right: string): string =>
  left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}` : `  ${left}\n  ${" ".repeat(WIDTH)}${right}`;

/** All commands, one line each. */
export const helpText = (commands: readonly Command[]): string =>
  [
    "Sooth's tools for operators and the curious.",
    "",
    ...commands.map(({ name, about }) => row(name, about)),
    "",
    "Any command with --help tells its arguments.",
  ].join("\n");

/** One command with its arguments. */
export function commandHelp({ name, about, args, positional = [] }: Command): string {
  const flags = Object.entries(args.shape).map(([key, schema]) => {
    const type = schema as z.ZodType;
    const label = positional.includes(key)
      ? `[${key.toUpperCase()}]`
      : `${flagOf(key)}${isSwitch(type) ? "" : ` ${valueName(type)}`}`;
    return row(label, type.description ?? "");
  });
  const usage = [
    name,
    ...positional.map((key) => `[${key.toUpperCase()}]`),
    ...(flags.length > 0 ? ["[flags]"] : []),
  ];
  return [about, "", `  ${usage.join(" ")}`, ...(flags.length > 0 ? ["", ...flags] : [])].join("\n");
}

const valueName = (schema: z.core.$ZodType): string => {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return valueName(schema.def.innerType);
  return schema instanceof z.ZodNumber ? "N" : "TEXT";
};
