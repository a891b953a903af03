import { OpsError } from "../ops-error.ts";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { openRollupsHere, openHubAlone } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import { acting, hours, secondsOf } from "../emergency/arguments.ts";
import { brakesOf, brakeTexts, pauseBrakes } from "../emergency/bundle-brakes.ts";
import { signerOf } from "../emergency/guardian.ts";
import { recordFile } from "../emergency/record.ts";
import { time } from "../emergency/situation.ts";

export const emergencyPauseBundles = command({
  name: "emergency pause bundles",
  about:
    "the guardian stops opening, running and holding legs on every chain, for 72 hours at most; money still comes home",
  args: z.object({
    hours,
    chain: z.coerce.number().int().positive().optional().describe("the contracts of this chain alone"),
    ...acting,
  }),
  run: async ({ hours: wanted, chain: only, why, who, yes, json, dataDir, ...key }, terminal) => {
    const target = openHubAlone(dataDir);
    const rollups = openRollupsHere(dataDir);
    try {
      const account = await signerOf(key, target.config, target.isLaptop);
      const all = brakesOf(target.hub, rollups, target.addresses);
      const brakes = all.filter(({ chain }) => only === undefined || chain.definition.id === only);
      if (brakes.length === 0)
        throw OpsError.not_due({ what: `no node of chain ${only} is known here: ROLLUPS names one` });
      const desk = { addresses: target.addresses, account, who, file: recordFile(dataDir) };
      const came = await pauseBrakes(desk, brakes, { seconds: secondsOf(wanted), why, send: yes });
      const refused = came.filter(({ refused: why }) => why !== null);
      const states = await brakeTexts(brakes);
      if (json) terminal.result({ sent: yes, steps: came, bundles: Object.fromEntries(states) });
      else {
        for (const { step, done, refused: no } of came)
          terminal.line(
            no !== null
              ? `NOT ${step.action}: ${no}`
              : done
                ? `${step.action}: in block ${done.block} (${time(done.at)}), transaction ${done.transaction}`
                : `would ${step.action}: ${account.address} calls ${step.to} with\n  ${step.data}`,
          );
        terminal.line(
          yes ? `written to ${desk.file}\n` : "\nnothing was sent: --yes sends what would go through\n",
        );
        terminal.line(columns(states));
      }
      return refused.length === 0 ? 0 : 1;
    } finally {
      await Promise.all([target.close(), ...rollups.map((chain) => chain.close())]);
    }
  },
});
