import { chainById, deploy, localParams, openChain } from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
import { expect, test } from "vitest";
import { laptopParams, refuseOtherCommittee } from "./committee.ts";

const REFUSED = { code: "server.other_committee" };
const withTest = laptopParams({ LAPTOP_COMMITTEE: ["test"] });

test(
  "a chain that was built with one committee is not started with another",
  { timeout: 240_000 },
  async () => {
    for (const [built, other] of [
      [localParams, withTest],
      [withTest, localParams],
    ] as const) {
      const anvil = await startAnvil({ chainId: 31_337 });
      const hub = openChain({ definition: chainById(31_337), rpcUrls: [anvil.rpcUrl] });
      try {
        // Nothing stands there yet: whatever is wanted may be built.
        await refuseOtherCommittee(hub, built);
        await deploy({ chain: hub, account: devAccount(0), params: built, role: "hub" });
        await refuseOtherCommittee(hub, built);
        await expect(refuseOtherCommittee(hub, other)).rejects.toMatchObject(REFUSED);
      } finally {
        await hub.close();
        await anvil.stop();
      }
    }
  },
);
