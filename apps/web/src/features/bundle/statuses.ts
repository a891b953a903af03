import type { BundleStatus } from "../../api.ts";

/** Apart from their words: every page's address is read, and only bundles' pages say what a status means. */
const KINDS: Record<BundleStatus["kind"], true> = {
  unopened: true,
  buffered: true,
  ready: true,
  running: true,
  compensating: true,
  stuck: true,
  compensated: true,
  preparing: true,
  prepared: true,
  decided: true,
  refunded: true,
  completed: true,
};
export const STATUSES = Object.keys(KINDS) as BundleStatus["kind"][];
