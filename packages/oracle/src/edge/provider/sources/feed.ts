import { need } from "@sooth/kernel";
import { FEED_CALLS, feedNumberOf } from "../../../core/index.ts";
import { chainRefusal, stateAt } from "./chain-state.ts";
import { type SourcePlugin, unread } from "./source-plugin.ts";

/** The answer of a price feed on a chain that this provider is configured for. */
export const feed: SourcePlugin<"feed"> = {
  refusal: ({ chainId }, _, tools) => chainRefusal(chainId, tools),
  read: async (source, { schema }, { chains = [], signal }) => {
    const chain = need(
      chains.find(({ definition }) => definition.id === source.chainId),
      "a chain that is read",
    );
    const to = source.address as `0x${string}`;
    const calls = [FEED_CALLS.latestRoundData, FEED_CALLS.decimals].map((data) => ({ to, data }));
    const state = await stateAt(chain, schema.observeAt, calls, signal);
    if ("why" in state) return unread(state.why);
    const [round = "0x", decimals = "0x"] = state.returned;
    const told = feedNumberOf(source, { round, decimals }, schema.observeAt);
    return {
      ...state.reading,
      says: "number" in told ? { said: "number", ...told } : { said: "nothing", ...told },
    };
  },
};
