import type { Address } from "@sooth/kernel";
import type { Terminal } from "../cli/command.ts";
import { NOTHING_SENT } from "./arguments.ts";
import { type ChainAt, type Key, openServer, type Server, signerFor, withChains } from "./network.ts";
import { type Call, sendAll, sentLines } from "./send.ts";
import { callLines } from "./show-call.ts";

export type Sending = Key & { send: boolean; url: string; deployment?: string | undefined; json: boolean };
export type Around = { server: Server; account: Address; chainAt: ChainAt };
/** What a command would send, and what it says before. */
export type Due = { calls: Call[]; says: string[] };

/** Shows or sends what is due. Ends with 1 where nothing is. */
export async function sendDue(
  o: Sending,
  terminal: Terminal,
  plan: (around: Around) => Promise<Due>,
): Promise<number> {
  const server = await openServer(o.url, { signs: true, deployment: o.deployment });
  const account = await signerFor(server, o);
  return withChains(server, async (chainAt) => {
    const { calls, says } = await plan({ server, account: account.address, chainAt });
    const sent = o.send ? await sendAll(calls, account, chainAt) : [];
    if (o.json) terminal.result({ calls, sent });
    else
      for (const line of [
        ...says,
        ...(o.send ? sentLines(sent) : callLines(calls, server.addresses)),
        ...(calls.length === 0 ? ["nothing is due now"] : o.send ? [] : [NOTHING_SENT]),
      ])
        terminal.line(line);
    return calls.length === 0 ? 1 : 0;
  });
}
