import { logger } from "@sooth/runtime";
import { openStore } from "@sooth/store";
import { openChain, runLane } from "../src/index.ts";
import { devAccount } from "../src/local-node/index.ts";
import { testDefinition } from "./definition.ts";

/** A lane in a process of its own, to be killed: arguments are database, RPC URL, index of the account. */
const [databaseUrl = "", rpcUrl = "", account = ""] = process.argv.slice(2);
const store = openStore({ url: databaseUrl, max: 4 });
const chain = openChain({ definition: testDefinition, rpcUrls: [rpcUrl] });
process.stdout.write("up\n");
await runLane({
  store,
  chain,
  account: devAccount(Number(account)),
  signal: new AbortController().signal,
  log: logger("lane"),
});
