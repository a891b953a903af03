import type { Command } from "../cli/command.ts";
import { bench } from "./bench.ts";
import { bundleOpen, bundleQuote } from "./bundle.ts";
import { bundleAccount, bundleAccountCall, bundleAccountTake } from "./bundle-account.ts";
import { bundleAccuse } from "./bundle-accuse.ts";
import { bundlePay, bundleRefund, bundleRelay, bundleRetry } from "./bundle-act.ts";
import { bundleCredit, bundleCreditDeposit, bundleCreditWithdraw } from "./bundle-credit.ts";
import { bundleLaneSet, bundleLaneShow } from "./bundle-lane.ts";
import { bundleDoctor, bundleStatus } from "./bundle-look.ts";
import { bundleClaimPot, bundleTopUp, bundleWithdraw } from "./bundle-money.ts";
import {
  bundleSwapClaim,
  bundleSwapDraw,
  bundleSwapGiveBack,
  bundleSwapLock,
  bundleSwapStatus,
} from "./bundle-swap.ts";
import { bundleOrderCancel, bundleOrderSign, bundleOrderStatus, bundleOrderTake } from "./bundle-order.ts";
import { check } from "./check.ts";
import { commentHide, commentShow } from "./comment.ts";
import { committeeApply, committeePropose, committeeShow, committeeSign } from "./committee.ts";
import { contentErase, contentRetry } from "./content.ts";
import { demo } from "./demo.ts";
import { deployApply, deployPlan } from "./deploy.ts";
import {
  emergencyDrill,
  emergencyHold,
  emergencyPause,
  emergencyStatus,
  emergencyTrip,
} from "./emergency.ts";
import { emergencyPauseBundles } from "./emergency-bundles.ts";
import { feedCreate } from "./feed.ts";
import { jobList, jobRetry } from "./job.ts";
import { keyCreate, keyList, keyRevoke, keyRotate } from "./key.ts";
import { mcp } from "./mcp.ts";
import { outcomeBalances, outcomeBook, outcomeMerge, outcomeRedeem, outcomeSplit } from "./outcome.ts";
import { outcomeConvert, outcomeMergeAll, outcomeSplitAll } from "./outcome-choice.ts";
import { outcomeCancel, outcomeMatch, outcomeOrder } from "./outcome-order.ts";
import { paymentList, paymentRetry } from "./payment.ts";
import { securityClose, securityErase, securityList, securityReopen, securityTriage } from "./security.ts";
import { simulate } from "./simulate.ts";
import { verifyCommand, verifyMarketCommand } from "./verify.ts";
import { verifyOutcomesCommand } from "./verify-outcomes.ts";
import { verifyBundleCommand } from "./verify-bundle.ts";

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  demo,
  bench,
  simulate,
  check,
  verifyCommand,
  verifyMarketCommand,
  verifyOutcomesCommand,
  verifyBundleCommand,
  mcp,
  bundleCredit,
  bundleCreditDeposit,
  bundleCreditWithdraw,
  bundleAccount,
  bundleAccountTake,
  bundleAccountCall,
  bundleQuote,
  bundleOpen,
  bundlePay,
  bundleStatus,
  bundleDoctor,
  bundleRelay,
  bundleRetry,
  bundleRefund,
  bundleTopUp,
  bundleWithdraw,
  bundleClaimPot,
  bundleSwapDraw,
  bundleSwapLock,
  bundleSwapStatus,
  bundleSwapClaim,
  bundleSwapGiveBack,
  bundleOrderSign,
  bundleOrderStatus,
  bundleOrderTake,
  bundleOrderCancel,
  bundleAccuse,
  bundleLaneShow,
  bundleLaneSet,
  outcomeBook,
  outcomeBalances,
  outcomeSplit,
  outcomeMerge,
  outcomeSplitAll,
  outcomeMergeAll,
  outcomeConvert,
  outcomeOrder,
  outcomeCancel,
  outcomeMatch,
  outcomeRedeem,
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
  commentHide,
  commentShow,
  committeeShow,
  committeePropose,
  committeeSign,
  committeeApply,
  contentErase,
  contentRetry,
  jobList,
  jobRetry,
  paymentList,
  paymentRetry,
  emergencyStatus,
  emergencyPause,
  emergencyPauseBundles,
  emergencyHold,
  emergencyTrip,
  emergencyDrill,
];
