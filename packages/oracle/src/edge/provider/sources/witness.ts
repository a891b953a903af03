import { createHash } from "node:crypto";
import { canonicalJson, type Hex } from "@sooth/kernel";
import {
  fillUrl,
  judgeVerdict,
  promptHashes,
  readableText,
  readVerdict,
  type SourceOf,
  type Verdict,
  type WitnessDocument,
  witnessPrompt,
} from "../../../core/index.ts";
import type { Testimony } from "../messages/messages-client.ts";
import type { WitnessModel } from "../witness/witness-model.ts";
import { fetchText, type Fetched } from "./fetch-text.ts";
import { pageText } from "./page-text.ts";
import { type Asked, originRefusal, type Said, type SourcePlugin, unread } from "./source-plugin.ts";

const NO_MODEL = "this provider is no witness: it has no key for a language model";
const ACCEPT = "text/html, text/plain, application/json;q=0.9, */*;q=0.1";
/** Of each quote and of the reason, in the evidence. The whole record fits what the evidence keeps of a body. */
const MAX_KEPT = 200;
const QUOTES_KEPT = 3;

/** What a language model reads in documents. It sees them as data, and what it says counts only with literal quotes. */
export const witness: SourcePlugin<"witness"> = {
  refusal: ({ urls }, { schema }, tools) => {
    if (!tools.witness) return NO_MODEL;
    const refused = urls.map((url) => originRefusal(fillUrl(url, schema.observeAt), tools));
    // All of them: who leaves one out lets the asker's other pages decide.
    return refused.find((each) => each !== null) ?? null;
  },
  read: async (source, asked, tools) => {
    const model = tools.witness;
    if (!model) return unread(NO_MODEL);
    const fetched = await Promise.all(
      source.urls.map((url) => fetchText(fillUrl(url, asked.schema.observeAt), { ...tools, accept: ACCEPT })),
    );
    const failed = fetched.find((each) => !each.ok);
    if (failed && !failed.ok) return unread(`a document cannot be read: ${failed.failed}`);
    const documents = source.urls.map((url, index): WitnessDocument => ({
      url: fillUrl(url, asked.schema.observeAt).href,
      text: readableText(pageText(fetched[index]?.body ?? "")),
    }));
    const prompt = witnessPrompt(asked.schema, source, documents, asked.clarifications);
    const testimony = await model.ask(prompt, tools.signal);
    if (!testimony.said) return unread(testimony.why);
    const said = testimony.stop === "end_turn" ? readVerdict(testimony.text) : null;
    const body = recordOf(model, promptHashes(prompt), fetched, testimony, said);
    return {
      status: null,
      body,
      sha256: `0x${createHash("sha256").update(body).digest("hex")}`,
      says: whatCounts(testimony, said, source, asked, documents, model),
    };
  },
};

function whatCounts(
  { stop }: Extract<Testimony, { said: true }>,
  said: Verdict | null,
  source: SourceOf<"witness">,
  asked: Asked,
  documents: readonly WitnessDocument[],
  { minConfidence }: WitnessModel,
): Said {
  if (stop === "refusal") return { said: "nothing", why: "the witness refuses to answer" };
  if (stop === "max_tokens") return { said: "nothing", why: "the witness was cut short" };
  if (stop !== "end_turn") return { said: "nothing", why: "the witness did not finish" };
  if (said === null) return { said: "nothing", why: "the witness does not keep to the form" };
  const judged = judgeVerdict(said, { ...asked, source }, documents, minConfidence);
  return "number" in judged ? { said: "number", ...judged } : { said: "nothing", ...judged };
}

/** What was asked of whom and what came back, so that anybody with the documents can ask again and compare. */
function recordOf(
  { family, model, settings, minConfidence }: WitnessModel,
  hashes: { prompt: Hex; input: Hex },
  fetched: readonly Fetched[],
  testimony: Extract<Testimony, { said: true }>,
  said: Verdict | null,
): string {
  return canonicalJson({
    family,
    model,
    servedBy: testimony.model.slice(0, 80),
    settings: { ...settings, minConfidence },
    ...hashes,
    documents: fetched.map(({ sha256 }) => sha256),
    stop: testimony.stop.slice(0, 40),
    tokens: testimony.tokens,
    verdict: said && {
      verdict: said.verdict,
      value: said.value,
      outcome: said.outcome,
      confidence: said.confidence,
      quotes: said.quotes.slice(0, QUOTES_KEPT).map(({ document, text }) => ({
        document,
        text: text.slice(0, MAX_KEPT).toWellFormed(),
      })),
      reason: said.reason.slice(0, MAX_KEPT).toWellFormed(),
    },
  });
}
