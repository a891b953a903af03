import { AppError } from "@sooth/kernel";
import type { Command, ExitCode, Terminal } from "./command.ts";
import { commandHelp, helpText } from "./help.ts";
import { findCommand, parse } from "./parse.ts";

const USAGE_ERROR = 2;
const FAILED = 1;

/** Runs what `argv` asks for. Errors that we know are told in one sentence, others with their stack. */
export async function runCommand(
  argv: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    const first = argv[0];
    if (first === undefined || first === "help" || first === "--help" || first === "-h") {
      const wanted = argv.slice(1);
      terminal.line(
        wanted.length > 0 && first === "help"
          ? commandHelp(findCommand(wanted, commands))
          : helpText(commands),
      );
      return 0;
    }
    const { command, args, help } = parse(argv, commands);
    if (help) {
      terminal.line(commandHelp(command));
      return 0;
    }
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof AppError)) {
      terminal.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return FAILED;
    }
    terminal.complain(`${error.message} [${error.code}]`);
    return error.status === 400 ? USAGE_ERROR : FAILED;
  }
}
