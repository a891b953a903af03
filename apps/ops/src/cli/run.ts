import { AppError } from "@sooth/kernel";
import type { Command, ExitCode, Terminal } from "./command.ts";
import { commandHelp, groupHelp, helpText } from "./help.ts";
import { asksForHelp, findCommand, groupOf, parse } from "./parse.ts";

/** What a script can tell apart, by the status of an error that we know. */
const EXIT_CODES: Record<number, ExitCode> = { 400: 2, 404: 3, 503: 4 };
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
      const wanted = first === "help" ? argv.slice(1) : [];
      const group = groupOf(wanted, commands);
      if (wanted.length === 0) terminal.line(helpText(commands));
      else if (group.length > 0) terminal.line(groupHelp(group));
      else terminal.line(commandHelp(findCommand(wanted, commands)));
      return 0;
    }
    const group = groupOf(argv, commands);
    if (group.length > 0 && asksForHelp(argv)) {
      terminal.line(groupHelp(group));
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
    // Half of a command is no command, and whoever says it wants to know the other half.
    const half = error.code === "ops.unknown_command" ? groupOf(argv, commands) : [];
    if (half.length > 0) terminal.complain(groupHelp(half));
    return EXIT_CODES[error.status] ?? FAILED;
  }
}
