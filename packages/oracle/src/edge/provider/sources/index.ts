import type { Source } from "../../../core/index.ts";
import { chainState } from "./chain.ts";
import { feed } from "./feed.ts";
import { httpJson } from "./http-json.ts";
import { opinions } from "./opinions.ts";
import type { SourcePlugin } from "./source-plugin.ts";
import { witness } from "./witness.ts";

export { originGate } from "./origin-gate.ts";
export { type Asked, type SourceReading, type SourceTools, unread } from "./source-plugin.ts";

const plugins: { [T in Source["type"]]: SourcePlugin<T> } = {
  "http-json": httpJson,
  chain: chainState,
  feed,
  witness,
  opinions,
};
export const pluginOf = (source: Source): SourcePlugin => plugins[source.type] as SourcePlugin;
