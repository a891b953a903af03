import type { z } from "zod";

/** What a command may say. `line` is for people, `result` for machines: one JSON value, once. `complain` says what failed. */
export type Terminal = {
  line(text?: string): void;
  result(value: unknown): void;
  complain(text: string): void;
};

/** 0 when all is well; anything else tells a script that it is not. */
export type ExitCode = number;

/** One command: noun (and verb), one sentence, typed arguments. `args` holds flags; `positional` names those without dashes. */
export type Command<Shape extends z.ZodObject = z.ZodObject> = {
  name: string;
  about: string;
  args: Shape;
  /** Keys of `args` that may be given without their name, in this order. */
  positional?: readonly string[];
  run(args: z.infer<Shape>, terminal: Terminal): Promise<ExitCode>;
};

/** Keeps the types of a command's arguments together. */
export const command = <Shape extends z.ZodObject>(definition: Command<Shape>): Command => definition;
