import { dot } from "./exact-math.ts";

/** Filters are worked through four at a time: half the time of one by one. */
const TOGETHER = 4;

/** One convolution: `filters` (a multiple of four) windows of `width` words, each word `dims` numbers. Weights lie filter by filter. */
export type Convolution = { width: number; filters: number; weights: Float64Array; bias: Float64Array };

/**
 * A small network that reads a text as word vectors: convolutions, the largest value of each filter over the text, beside
 * the mean vector and the surface figures; from these, one weight each for stance and for quality (last weight: bias).
 */
export type Network = {
  dims: number;
  convolutions: readonly Convolution[];
  stance: Float64Array;
  quality: Float64Array;
};

/** Vectors of a text, `words` of them in a row, with room for the widest window. */
export type Embedded = { vectors: Float64Array; words: number };

export const pooledLength = ({ dims, convolutions }: Network, surface: number): number =>
  convolutions.reduce((sum, { filters }) => sum + filters, dims + surface);

/** Fills `pooled`, and `where` with each filter's best place (-1 where it stayed silent). A text shorter than a window is read as if followed by zeros. */
export function pool(
  { dims, convolutions }: Pick<Network, "dims" | "convolutions">,
  { vectors, words }: Embedded,
  surface: ArrayLike<number>,
  pooled: Float64Array,
  where: Int32Array,
): void {
  let out = 0;
  const sums = new Float64Array(TOGETHER);
  for (const { width, filters, weights, bias } of convolutions) {
    const span = width * dims;
    const last = words > width ? words - width : 0;
    for (let filter = 0; filter < filters; filter += TOGETHER, out += TOGETHER) {
      // A filter that stays below zero everywhere is silent.
      for (let lane = 0; lane < TOGETHER; lane += 1) {
        pooled[out + lane] = -(bias[filter + lane] as number);
        where[out + lane] = -1;
      }
      for (let start = 0; start <= last; start += 1) {
        fourDots(weights, filter * span, vectors, start * dims, span, sums);
        for (let lane = 0; lane < TOGETHER; lane += 1)
          if ((sums[lane] as number) > (pooled[out + lane] as number)) {
            pooled[out + lane] = sums[lane] as number;
            where[out + lane] = start;
          }
      }
      for (let lane = 0; lane < TOGETHER; lane += 1) pooled[out + lane]! += bias[filter + lane] as number;
    }
  }
  for (let dim = 0; dim < dims; dim += 1) {
    let sum = 0;
    for (let word = 0; word < words; word += 1) sum += vectors[word * dims + dim] as number;
    pooled[out] = words > 0 ? sum / words : 0;
    out += 1;
  }
  for (let index = 0; index < surface.length; index += 1) pooled[out + index] = surface[index] as number;
}

/** Products of one piece of text with four filters that lie `span` apart; each sum in the order of the text. */
function fourDots(
  weights: Float64Array,
  from: number,
  text: Float64Array,
  at: number,
  span: number,
  sums: Float64Array,
): void {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let index = 0; index < span; index += 1) {
    const value = text[at + index] as number;
    first += (weights[from + index] as number) * value;
    second += (weights[from + span + index] as number) * value;
    third += (weights[from + 2 * span + index] as number) * value;
    fourth += (weights[from + 3 * span + index] as number) * value;
  }
  sums[0] = first;
  sums[1] = second;
  sums[2] = third;
  sums[3] = fourth;
}

/** Weighted sum of what was pooled; the last weight is the bias. */
export const readOut = (weights: Float64Array, pooled: Float64Array): number =>
  dot(weights, 0, pooled, 0, pooled.length) + (weights[pooled.length] as number);
