export { ChainError } from "./chain-error.ts";
export { type ChainDefinition, chainById, chains, isLocal } from "./chains/index.ts";
export { collateralToken } from "./collateral-token.ts";
export { localWindows, publicWindows } from "./deployments/adjudication.ts";
export { type BeaconParams, beaconOf, evmnet, localBeacon } from "./deployments/beacons.ts";
export { computeAddresses, DEPLOYMENT_PROXY } from "./deployments/addresses.ts";
export { beginAttesting } from "./deployments/begin-attesting.ts";
export { type BundleParams, publicBundles } from "./deployments/bundles.ts";
export { deploy, type Deployed, EVERYWHERE } from "./deployments/deploy.ts";
export {
  type Deployment,
  deploymentText,
  localDeploymentFiles,
  parseDeployment,
  readDeployment,
} from "./deployments/file.ts";
export {
  type Addresses,
  type DeployParams,
  localParams,
  type OpinionLimits,
  oracleLimitsOf,
  publicOpinionLimits,
} from "./deployments/params.ts";
export { deployTestAccount, testAccountAddress } from "./deployments/test-account.ts";
export { bloomHas } from "./follower/bloom.ts";
export { finalHead, followedHash, followedHead } from "./follower/cursor.ts";
export { historyOf } from "./follower/histories.ts";
export { type FollowOptions, followChain } from "./follower/follow-chain.ts";
export { type BlockRange, inRanges } from "./in-ranges.ts";
export { type ArgsOf, type BlockRef, type FollowedLog, type LogHandlers, logHandlers } from "./logs.ts";
export { chainMigrations } from "./migrations.ts";
export {
  enqueueTransaction,
  enqueueTransactions,
  gasAskedByHour,
  gasAskedFor,
  lastSender,
  type OutboxRequest,
  type OutboxStatus,
  transactionStatus,
  transactionStatuses,
} from "./outbox/enqueue.ts";
export { type Market, marketFees } from "./outbox/fees.ts";
export { revertOf } from "./outbox/revert.ts";
export { type LaneOptions, runLane } from "./outbox/run-lane.ts";
export { askedOnce } from "./rpc/asked-once.ts";
export { type ByteFees, byteFees, feeOfBytes, NO_BYTE_FEES } from "./rpc/byte-fees.ts";
export { keyAccount } from "./key-account.ts";
export { signerOf } from "./signer-of.ts";
export type { Chain, ChainStatus, RpcReader, RpcState, RpcStatus } from "./rpc/chain.ts";
export { openChain } from "./rpc/open-chain.ts";
export { unlessAway } from "./rpc/unless-away.ts";
export { type DirectCall, DirectLane } from "./direct/direct-lane.ts";
export { walletOf } from "./wallet.ts";
