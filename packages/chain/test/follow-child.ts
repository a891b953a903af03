import type { Address } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { openStore } from "@sooth/store";
import { followChain, openChain } from "../src/index.ts";
import { countingHandlers } from "./counting.ts";
import { testDefinition } from "./definition.ts";

/** A follower in a process of its own, to be killed: arguments are database, RPC URL, address of the emitter. */
const [databaseUrl = "", rpcUrl = "", emitter = ""] = process.argv.slice(2);
const store = openStore({ url: databaseUrl, max: 4 });
const chain = openChain({ definition: testDefinition, rpcUrls: [rpcUrl] });
process.stdout.write("up\n");
await followChain({
  store,
  chain,
  fromBlock: 0,
  handlers: [countingHandlers(emitter as Address)],
  signal: new AbortController().signal,
  log: logger("follower"),
});
