import type { Chain } from "@sooth/chain";
import type { Store } from "@sooth/store";
import type { SessionsConfig } from "./config.ts";

export type Deps = { store: Store; hub: Chain; config: SessionsConfig };
/** For whoever asks who is signed in. Without origins it is as if the operator had named none. */
export type ReadDeps = { store: Pick<Store, "db">; config: Partial<SessionsConfig> };

/** Unix seconds by this machine: sessions have nothing to do with a chain. */
export const serverTime = (): number => Math.floor(Date.now() / 1000);
