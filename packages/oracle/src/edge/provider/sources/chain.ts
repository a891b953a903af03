import { need } from "@sooth/kernel";
import { callDataOf, chainNumberOf } from "../../../core/index.ts";
import { chainRefusal, stateAt } from "./chain-state.ts";
import { type SourcePlugin, unread } from "./source-plugin.ts";

/** A number in the state of a chain that this provider is configured for. */
export const chainState: SourcePlugin<"chain"> = {
  refusal: ({ chainId }, _, tools) => chainRefusal(chainId, tools),
  read: async (source, { schema }, { chains = [], signal }) => {
    const chain = need(
      chains.find(({ definition }) => definition.id === source.chainId),
      "a chain that is read",
    );
    const call = { to: source.address as `0x${string}`, data: callDataOf(source) };
    const state = await stateAt(chain, schema.observeAt, [call], signal);
    if ("why" in state) return unread(state.why);
    const number = chainNumberOf(source, need(state.returned[0], "what the call returned"));
    return {
      ...state.reading,
      says: number
        ? { said: "number", number }
        : { said: "nothing", why: "no contract with that function stands at its address" },
    };
  },
};
