import { chainById, openChain } from "@sooth/chain";
import { logger } from "@sooth/runtime";
import { privateKeyToAccount } from "viem/accounts";
import { runProvider } from "../src/index.ts";

/** A provider node in a process of its own, to be killed. One argument: its options as JSON. */
const options = JSON.parse(process.argv[2] ?? "{}");
await runProvider({
  ...options,
  hub: openChain({ definition: chainById(31_337), rpcUrls: [options.rpcUrl] }),
  account: privateKeyToAccount(options.key),
  signal: new AbortController().signal,
  log: logger("child"),
});
