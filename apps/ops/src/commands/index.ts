import type { Command } from "../cli/command.ts";
import { bench } from "./bench.ts";
import { check } from "./check.ts";
import { demo } from "./demo.ts";
import { deployApply, deployPlan } from "./deploy.ts";
import {
  emergencyDrill,
  emergencyHold,
  emergencyPause,
  emergencyStatus,
  emergencyTrip,
} from "./emergency.ts";
import { feedCreate } from "./feed.ts";
import { keyCreate, keyList, keyRevoke, keyRotate } from "./key.ts";
import { securityClose, securityErase, securityList, securityReopen, securityTriage } from "./security.ts";
import { verifyCommand } from "./verify.ts";

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  demo,
  bench,
  check,
  verifyCommand,
  deployPlan,
  deployApply,
  feedCreate,
  keyCreate,
  keyList,
  keyRotate,
  keyRevoke,
  securityList,
  securityTriage,
  securityClose,
  securityErase,
  securityReopen,
  emergencyStatus,
  emergencyPause,
  emergencyHold,
  emergencyTrip,
  emergencyDrill,
];
