import { withoutControls } from "@sooth/runtime";
import type { Terminal } from "./cli/command.ts";
import { installInterrupts } from "./cli/interrupt.ts";
import { runCommand } from "./cli/run.ts";
import { COMMANDS } from "./commands/index.ts";

const terminal: Terminal = {
  // Much of what is printed was said by servers, nodes and strangers.
  line: (text = "") => console.log(withoutControls(text)),
  result: (value) => console.log(JSON.stringify(value)),
  complain: (text) => console.error(withoutControls(text)),
};

installInterrupts(terminal.complain);
const code = await runCommand(process.argv.slice(2), COMMANDS, terminal);
// What a library keeps open must not keep the terminal waiting; everything of ours has been stopped by now.
process.stdout.write("", () => process.exit(code));
