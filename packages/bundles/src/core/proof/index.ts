export {
  BUNDLE_FORMAT,
  type BundleFile,
  bundleFileText,
  type ChainLog,
  parseBundleFile,
  type Sent,
} from "./bundle-file.ts";
export type { BundleContracts } from "./bundle-log.ts";
export type { BundleProofDomain } from "./case.ts";
export { type ProvenBundle, proveBundle } from "./prove-bundle.ts";
export { hubCall, namedBeside } from "./read-calls.ts";
