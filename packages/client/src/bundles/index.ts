/**
 * Bundles of transactions on several chains: put one together with types from leg to leg, read what is promised, ask what it
 * costs, send it, and wait for its end. What is signed is worked out here; a server is asked what to send, and not believed.
 */
export {
  bundle,
  type Built,
  BundleBuilder,
  BundlesError,
  bundleTypedData,
  type BundleStatus,
  checkBundle,
  checkHashSwap,
  type Demand,
  type HashLock,
  hashOfSecret,
  type HashSwap,
  type Leg,
  type LockOn,
  type Mode,
  type Order,
  type OrderBook,
  orderDigest,
  orderTypedData,
  planHashSwap,
  PLEDGES,
  priceOf,
  type Pledge,
  Result,
  SWAP_MARGIN,
  takeOrder,
  type Taking,
  type Terms,
  type Undo,
} from "@sooth/bundles/core";
export { type BundleEnd, isEnded, waitForBundle } from "./follow.ts";
export { type Contracts, contractsOf, handOver, hubOf, prepare, type Prepared, quote } from "./open.ts";
export { sendCalls, type Wallets } from "./send.ts";
