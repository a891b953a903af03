export { faultRoutes } from "./fault-routes.ts";
export { SignedKeeper } from "./signed-keeper.ts";
export { sweepAttesters } from "./sweep.ts";
export { watchAttesters } from "./watch-attesters.ts";
