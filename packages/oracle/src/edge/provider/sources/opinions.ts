import { createHash } from "node:crypto";
import { need, sameAddress } from "@sooth/kernel";
import { readMarket } from "../opinions/read-market.ts";
import { readTexts } from "../opinions/texts.ts";
import { chainRefusal } from "./chain-state.ts";
import { type SourcePlugin, unread } from "./source-plugin.ts";

const NO_ANALYST = "this provider is no analyst of opinions";

/**
 * What the opinions of the question's own market come to. The evidence is the sheet of all labels, which everybody can compute
 * the score from, so the sheet is handed over before the score counts.
 */
export const opinions: SourcePlugin<"opinions"> = {
  refusal: ({ chainId, address }, _, tools) => {
    if (!tools.opinions) return NO_ANALYST;
    const { chainId: ours, contract } = tools.opinions;
    if (chainId !== ours || !sameAddress(address, contract))
      return `${address} on chain ${chainId} is not the contract whose opinions this provider reads`;
    return chainRefusal(chainId, tools);
  },
  read: async (source, { question, schema }, { opinions: tools, chains = [], signal }) => {
    if (!tools) return unread(NO_ANALYST);
    if (question === undefined) return unread("it is read for a question that has an id, and this has none");
    const chain = need(
      chains.find(({ definition }) => definition.id === source.chainId),
      "a chain that is read",
    );
    const address = source.address as `0x${string}`;
    const found = await readMarket(chain, { address, question }, schema.observeAt, signal);
    if ("why" in found) return unread(found.why);
    const { positions, ...market } = found;
    const texts = await readTexts(
      tools.gateways,
      tools.analyst.reads(market.market, positions).map(({ opinion }) => opinion),
      signal,
    );
    // Whether a text is nowhere, or only not to be had now, changes what everybody is paid.
    const away = [...texts.values()].find((text) => text.found === "away");
    if (away?.found === "away") return unread(`a text cannot be read: ${away.why}`);
    const read = positions.map((position) => {
      const text = texts.get(position.opinion);
      return { ...position, text: text?.found === "text" ? text.text : null };
    });
    const assessed = await tools.analyst.assess(
      { chainId: source.chainId, contract: address, question, ...market, positions: read },
      signal,
    );
    if (!assessed.scored) return unread(assessed.why);
    const { families: wanted = 1, confidence: least = 0 } = source;
    if (assessed.families < wanted)
      return unread(`labels of ${assessed.families} families of models, and the question wants ${wanted}`);
    if (assessed.confidence < least)
      return unread(
        `labels with a confidence of ${assessed.confidence / 100} percent, and the question wants ${least / 100}`,
      );
    if (!(await tools.keep(assessed.sheet, signal))) return unread("its labels could not be handed over");
    return {
      status: null,
      body: assessed.sheet,
      sha256: `0x${createHash("sha256").update(assessed.sheet).digest("hex")}`,
      says: { said: "number", number: assessed.score },
    };
  },
};
