export { tryProof } from "./edge/accuse/send-proofs.ts";
export { askFaults } from "./edge/accuse/ask-faults.ts";
export { watchAttesters } from "./edge/accuse/watch-attesters.ts";
export { bundlesHealth } from "./edge/checks.ts";
export {
  type AttesterOptions,
  attesterLimits,
  attestersOn,
  type NodeView,
  type Sighting,
  policiesOf,
  runAttester,
} from "./edge/attest/index.ts";
export { callsWithEvidence, type Missing } from "./edge/calls/from-detail.ts";
export { type BundlesConfig, bundlesConfig } from "./edge/config.ts";
export { bundleTerms } from "./edge/contracts.ts";
export { bundleNews, type BundleNews, type NewsReader } from "./edge/news/bundle-news.ts";
export type { Deps as BundlesDeps } from "./edge/deps.ts";
export { type LegRow, loadBundles, type StoredBundle } from "./edge/rows/load-bundles.ts";
export { handedOverIn } from "./edge/relay/handed-over.ts";
export { allowanceOf } from "./edge/prepare-bundle.ts";
export { quoteBundle } from "./edge/quote/quote-bundle.ts";
export { whyFails } from "./edge/quote/why-fails.ts";
export { tryLeg } from "./edge/quote/try-leg.ts";
export { evidenceFrom } from "./edge/relay/http-evidence.ts";
export { runBundler, type RunBundlerOptions } from "./edge/relay/run-bundler.ts";
export { bundles } from "./edge/slice.ts";
export { limitsAstray } from "./edge/stated-lanes.ts";
export {
  type BundleWatch,
  type Learned,
  openWatch,
  type UpTo,
  type WatchOptions,
} from "./edge/watch/index.ts";
