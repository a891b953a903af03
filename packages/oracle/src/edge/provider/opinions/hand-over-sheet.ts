import type { Addresses, Chain } from "@sooth/chain";
import type { Logger } from "@sooth/runtime";
import type { LocalAccount } from "viem";
import { evidenceHash, sheetTypedData } from "../../../core/index.ts";
import type { ApiClient } from "../api-client.ts";
import type { OpinionTools } from "./analyst.ts";

/** Sheets of which this process knows that they were taken; more are handed over again, which changes nothing. */
const REMEMBERED = 1_000;

/** Signs sheets with a provider's key and hands them to the API's store. */
export function handOverSheet({
  hub,
  addresses,
  account,
  api,
  log,
}: {
  hub: Pick<Chain, "definition">;
  addresses: Pick<Addresses, "oracle">;
  account: LocalAccount;
  api: Pick<ApiClient, "handOverSheet">;
  log: Logger;
}): OpinionTools["keep"] {
  const taken = new Set<string>();
  return async (sheet) => {
    const hash = evidenceHash(sheet);
    if (taken.has(hash)) return true;
    const typed = sheetTypedData({ chainId: hub.definition.id, oracle: addresses.oracle }, hash);
    try {
      const signature = await account.signTypedData(typed);
      const handed = await api.handOverSheet({ sheet, signer: account.address, signature });
      if (handed.outcome === "accepted") {
        if (taken.size >= REMEMBERED) taken.clear();
        taken.add(hash);
        return true;
      }
      log.warn({ sheet: hash, code: handed.code }, `a label sheet is not taken: ${handed.message}`);
    } catch (error) {
      log.warn({ err: error, sheet: hash }, "a label sheet could not be handed over");
    }
    return false;
  };
}
