import type { CallerOptions } from "@sooth/runtime";
import type { Store } from "@sooth/store";
import { KEY_PREFIX, OWN_SCOPES } from "../../core/index.ts";
import type { GatewayConfig } from "./config.ts";
import { openKey } from "./keys.ts";

/** Unix seconds by this machine: keys have nothing to do with a chain. */
export const serverTime = (): number => Math.floor(Date.now() / 1000);

/** Who may use the API and how much: everybody a little, and more with a key. */
export function apiCallers(
  store: Store,
  config: GatewayConfig,
  now: () => number = serverTime,
): CallerOptions {
  const keyed = {
    perSecond: config.GATEWAY_KEY_PER_SECOND,
    burst: config.GATEWAY_KEY_BURST,
    streams: config.GATEWAY_KEY_STREAMS,
  };
  return {
    anonymous: {
      scopes: OWN_SCOPES,
      allowance: {
        perSecond: config.GATEWAY_ANONYMOUS_PER_SECOND,
        burst: config.GATEWAY_ANONYMOUS_BURST,
        streams: config.GATEWAY_ANONYMOUS_STREAMS,
      },
    },
    address: {
      perSecond: config.GATEWAY_ADDRESS_PER_SECOND,
      burst: config.GATEWAY_ADDRESS_PER_SECOND * 2,
    },
    keyPrefix: KEY_PREFIX,
    byKey: async (text) => {
      const key = await openKey(store.db, text, now());
      return {
        id: `key:${key.id}`,
        kind: key.owner === null ? "issued" : "owned",
        scopes: key.scopes,
        allowance: {
          perSecond: key.perSecond ?? keyed.perSecond,
          burst: key.burst ?? keyed.burst,
          streams: key.streams ?? keyed.streams,
        },
      };
    },
  };
}
