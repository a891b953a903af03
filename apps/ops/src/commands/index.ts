import type { Command } from "../cli/command.ts";
import { demo } from "./demo.ts";

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [demo];
