import type { Command } from "../cli/command.ts";
import { bench } from "./bench.ts";
import { check } from "./check.ts";
import { demo } from "./demo.ts";
import { deployApply, deployPlan } from "./deploy.ts";
import { keyCreate, keyList, keyRevoke, keyRotate } from "./key.ts";

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  demo,
  bench,
  check,
  deployPlan,
  deployApply,
  keyCreate,
  keyList,
  keyRotate,
  keyRevoke,
];
