import { createECDH } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ServerConfig } from "../config.ts";

/** Push services ask for one; nobody reads mail of a laptop. */
const CONTACT = "mailto:laptop@sooth.example";

/**
 * The configuration with a VAPID key of the laptop's own, unless it names one. It is random and stays in the data folder: browsers
 * subscribe to it, and a key that everybody knows would let everybody push to them.
 */
export function withPushKey(config: ServerConfig, dataDir: string): ServerConfig {
  if (config.PUSH_KEY !== undefined) return config;
  const file = path.join(dataDir, "push-key");
  if (!existsSync(file)) {
    const pair = createECDH("prime256v1");
    pair.generateKeys();
    mkdirSync(dataDir, { recursive: true });
    // Leading zeros are left out by Node, and belong to the key.
    const key = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
    writeFileSync(file, key.toString("base64url"), { mode: 0o600 });
  }
  return { ...config, PUSH_KEY: readFileSync(file, "utf8"), PUSH_CONTACT: config.PUSH_CONTACT ?? CONTACT };
}
