import { MarketsError } from "../errors.ts";
import type { Convolution, Network } from "./network.ts";

/** Where a model comes from; the first thing in its file, to be read by people too. */
export type Provenance = {
  about: string;
  /** The opinions: where they are from, under what licence, and the SHA-256 of the file. */
  data: { source: string; licence: string; sha256: string };
  /** The word vectors that it began with. */
  vectors: { source: string; licence: string; sha256: string };
  options: Record<string, unknown>;
};

/** Hashes of n-grams, ascending, and the weight of each. */
export type NgramTable = { hashes: Uint32Array; weights: Float64Array; bias: number };

/** Everything that the analyst knows. */
export type AnalystModel = {
  provenance: Provenance;
  /** Index of each known word's vector. The first four are the placeholders. */
  words: ReadonlyMap<string, number>;
  vectors: Float64Array;
  networks: readonly Network[];
  stanceNgrams: NgramTable;
  qualityNgrams: NgramTable;
  /** How the parts are added up: sums before the sigmoid are `network × sum + ngrams × sum`. */
  blend: { stance: { network: number; ngrams: number }; quality: { network: number; ngrams: number } };
  /** The grade of training opinions at each percent, ascending: a text's quality is the percent that it reaches. */
  percentiles: Float64Array;
};

/** One array of the file: whole numbers times `scale`. */
type Section = { name: string; type: "i8" | "i16" | "u32" | "f64"; length: number; scale: number };
type Header = Omit<Provenance, never> & {
  words: string;
  dims: number;
  networks: readonly { convolutions: readonly { width: number; filters: number }[] }[];
  biases: { stance: number; quality: number };
  blend: AnalystModel["blend"];
  sections: readonly Section[];
};

const MAGIC = "SOOTHAN1";
const BYTES = { i8: 1, i16: 2, u32: 4, f64: 8 } as const;

/**
 * The file: "SOOTHAN1", the header's length (u32), the header as JSON, then its sections one after the other; all numbers
 * little endian. Weights are whole numbers of 8 or 16 bits with one scale a section, so that reading them is exact.
 */
export function encodeModel(model: AnalystModel): Uint8Array {
  const parts = sectionsOf(model);
  const header: Header = {
    ...model.provenance,
    words: [...model.words.keys()].join(" "),
    dims: model.networks[0]?.dims ?? 0,
    networks: model.networks.map(({ convolutions }) => ({
      convolutions: convolutions.map(({ width, filters }) => ({ width, filters })),
    })),
    biases: { stance: model.stanceNgrams.bias, quality: model.qualityNgrams.bias },
    blend: model.blend,
    sections: parts.map(({ section }) => section),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = parts.reduce((sum, { section }) => sum + section.length * BYTES[section.type], 0);
  const file = new Uint8Array(MAGIC.length + 4 + text.length + size);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode(MAGIC));
  view.setUint32(MAGIC.length, text.length, true);
  file.set(text, MAGIC.length + 4);
  let at = MAGIC.length + 4 + text.length;
  for (const { section, values } of parts)
    for (const value of values) {
      if (section.type === "i8") view.setInt8(at, value);
      else if (section.type === "i16") view.setInt16(at, value, true);
      else if (section.type === "u32") view.setUint32(at, value, true);
      else view.setFloat64(at, value, true);
      at += BYTES[section.type];
    }
  return file;
}

/** Reads what `encodeModel` wrote. @throws markets.bad_model */
export function decodeModel(file: Uint8Array): AnalystModel {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const textFrom = MAGIC.length + 4;
  if (file.length < textFrom || new TextDecoder().decode(file.subarray(0, MAGIC.length)) !== MAGIC)
    throw MarketsError.bad_model({ what: "it does not begin as one" });
  const from = textFrom + view.getUint32(MAGIC.length, true);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(textFrom, from))) as Header;
  const size = header.sections.reduce((sum, { type, length }) => sum + BYTES[type] * length, 0);
  if (from + size !== file.length) throw MarketsError.bad_model({ what: "its length is not the header's" });

  const values = new Map<string, Float64Array>();
  let at = from;
  for (const { name, type, length, scale } of header.sections) {
    const section = new Float64Array(length);
    for (let index = 0; index < length; index += 1, at += BYTES[type])
      section[index] = numberAt(view, type, at) * scale;
    values.set(name, section);
  }
  const take = (name: string): Float64Array => {
    const found = values.get(name);
    if (found === undefined) throw MarketsError.bad_model({ what: `it has no ${name}` });
    return found;
  };
  const { about, data, vectors, options, words, dims, networks, biases, blend } = header;
  return {
    provenance: { about, data, vectors, options },
    words: new Map(words.split(" ").map((word, index) => [word, index])),
    vectors: take("vectors"),
    networks: networks.map(({ convolutions }, which) => ({
      dims,
      convolutions: convolutions.map(({ width, filters }, index): Convolution => ({
        width,
        filters,
        weights: take(`network${which}.convolution${index}`),
        bias: take(`network${which}.bias${index}`),
      })),
      stance: take(`network${which}.stance`),
      quality: take(`network${which}.quality`),
    })),
    stanceNgrams: table(take("stance.hashes"), take("stance.weights"), biases.stance),
    qualityNgrams: table(take("quality.hashes"), take("quality.weights"), biases.quality),
    blend,
    percentiles: take("percentiles"),
  };
}

const table = (hashes: Float64Array, weights: Float64Array, bias: number): NgramTable => ({
  hashes: Uint32Array.from(hashes),
  weights,
  bias,
});

function numberAt(view: DataView, type: Section["type"], at: number): number {
  if (type === "i8") return view.getInt8(at);
  if (type === "i16") return view.getInt16(at, true);
  return type === "u32" ? view.getUint32(at, true) : view.getFloat64(at, true);
}

type Part = { section: Section; values: ArrayLike<number> & Iterable<number> };

function sectionsOf({ vectors, networks, stanceNgrams, qualityNgrams, percentiles }: AnalystModel): Part[] {
  return [
    whole("vectors", "i8", vectors),
    ...networks.flatMap(({ convolutions, stance, quality }, which) => [
      ...convolutions.flatMap(({ weights, bias }, index) => [
        whole(`network${which}.convolution${index}`, "i8", weights),
        whole(`network${which}.bias${index}`, "i16", bias),
      ]),
      whole(`network${which}.stance`, "i16", stance),
      whole(`network${which}.quality`, "i16", quality),
    ]),
    plain("stance.hashes", "u32", stanceNgrams.hashes),
    whole("stance.weights", "i8", stanceNgrams.weights),
    plain("quality.hashes", "u32", qualityNgrams.hashes),
    whole("quality.weights", "i8", qualityNgrams.weights),
    plain("percentiles", "f64", percentiles),
  ];
}

const plain = (name: string, type: "u32" | "f64", values: Uint32Array | Float64Array): Part => ({
  section: { name, type, length: values.length, scale: 1 },
  values,
});

/** Rounds to whole steps, half up; the largest value takes the last step. */
function whole(name: string, type: "i8" | "i16", values: Float64Array): Part {
  const most = type === "i8" ? 127 : 32_767;
  const largest = values.reduce((found, value) => (Math.abs(value) > found ? Math.abs(value) : found), 0);
  const scale = largest === 0 ? 1 : largest / most;
  return {
    section: { name, type, length: values.length, scale },
    values: Float64Array.from(values, (value) => Math.floor(value / scale + 0.5)),
  };
}
