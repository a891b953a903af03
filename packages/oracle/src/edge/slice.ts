import { oracleChecks } from "./checks.ts";
import { oracleConfig } from "./config.ts";
import { feedsConfig } from "./feeds/config.ts";
import { gatewayConfig } from "./gateway/config.ts";
import { oracleLogHandlers } from "./logs/index.ts";
import { oracleRoutes } from "./routes.ts";
import { securityConfig } from "./security/config.ts";
import { monitor } from "./security/monitor.ts";
import { rounds } from "./dispute-sweep.ts";
import { sweep } from "./sweep.ts";
import { takeUp } from "./take-up.ts";

/** The oracle as a part of the server. */
export const oracle = {
  name: "oracle",
  config: oracleConfig.extend(feedsConfig.shape).extend(gatewayConfig.shape).extend(securityConfig.shape),
  migrations: { slice: "oracle", folder: new URL("../../migrations/", import.meta.url) },
  logHandlers: oracleLogHandlers,
  routes: oracleRoutes,
  sweep,
  takeUp,
  monitor,
  rounds,
  checks: oracleChecks,
};
