import { z } from "zod";
import { accuseCall, faultLines, knownFaults } from "../bundle/accuse.ts";
import { keys, NOTHING_SENT, send, shared } from "../bundle/arguments.ts";
import { openServer, signerFor, withChains } from "../bundle/network.ts";
import { sendAll, sentLines } from "../bundle/send.ts";
import { callLines } from "../bundle/show-call.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";

export const bundleAccuse = command({
  name: "bundle accuse",
  about:
    "shows what is known against those who attest, or against one key; --send sends the proof that takes his stake, and pays the challenger's part of it to this key",
  args: z.object({
    attester: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, "wants an address")
      .optional()
      .describe("the key that signed; without it all of them are shown"),
    send,
    ...keys,
    ...shared,
  }),
  positional: ["attester"],
  run: async ({ attester, send: really, url, deployment, json, ...own }, terminal) => {
    const server = await openServer(url, { signs: attester !== undefined, deployment });
    const known = await knownFaults(server, attester);
    if (attester === undefined) {
      if (really) throw OpsError.not_due({ what: "it has to be said against whom" });
      if (json) terminal.result(known);
      else for (const line of known.faults.length === 0 ? [NOTHING] : faultLines(known)) terminal.line(line);
      return 0;
    }
    return withChains(server, async (chainAt) => {
      if (!json) for (const line of faultLines(known)) terminal.line(line);
      const call = await accuseCall(server, chainAt, attester, known);
      const sent = really ? await sendAll([call], await signerFor(server, own), chainAt) : [];
      if (json) terminal.result({ ...known, calls: [call], sent });
      else
        for (const line of really ? sentLines(sent) : [...callLines([call], server.addresses), NOTHING_SENT])
          terminal.line(line);
      return 0;
    });
  },
});

const NOTHING = "nothing is known against anybody";
