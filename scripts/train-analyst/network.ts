import { sigmoid } from "../../packages/markets/src/core/analyst/exact-math.ts";
import {
  type Convolution,
  type Network,
  pool,
  pooledLength,
  readOut,
} from "../../packages/markets/src/core/analyst/network.ts";
import { normal, randomFrom, shuffled } from "./random.ts";

/** A text as indices of word vectors. */
export type NetworkRow = {
  ids: ArrayLike<number>;
  surface: Float64Array;
  isFor: number;
  weight: number;
  quality: number;
};
export type NetworkOptions = {
  widths: readonly number[];
  filters: number;
  epochs: number;
  rate: number;
  vectorRate: number;
  dropWords: number;
  dropPooled: number;
  decay: number;
  qualityShare: number;
  seed: number;
};

const BATCH = 32;
const WIDEST_TEXT = 72;

/** Adam over one array; `touched` limits a step to what a batch has moved. */
class Adam {
  readonly slope: Float64Array;
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  private readonly values: Float64Array;
  constructor(values: Float64Array) {
    this.values = values;
    this.slope = new Float64Array(values.length);
    this.mean = new Float64Array(values.length);
    this.square = new Float64Array(values.length);
  }
  step(rate: number, decay: number, from = 0, to = this.values.length): void {
    const { values, slope, mean, square } = this;
    for (let index = from; index < to; index += 1) {
      const g = slope[index] as number;
      const m = 0.9 * (mean[index] as number) + 0.1 * g;
      const s = 0.999 * (square[index] as number) + 0.001 * g * g;
      mean[index] = m;
      square[index] = s;
      values[index] = (values[index] as number) * (1 - rate * decay) - (rate * m) / (Math.sqrt(s) + 1e-6);
      slope[index] = 0;
    }
  }
}

/** Trains a network and, where `vectorRate` is above 0, the word vectors in place. One thread, one order: the same weights each time. */
export function trainNetwork(
  rows: readonly NetworkRow[],
  vectors: Float64Array,
  dims: number,
  options: NetworkOptions,
  onEpoch: (epoch: number, loss: number, net: Network) => void = () => undefined,
): Network {
  const random = randomFrom(options.seed);
  const surfaceLength = rows[0]?.surface.length ?? 0;
  const convolutions = options.widths.map((width): Convolution => {
    const scale = 1 / Math.sqrt(width * dims);
    const weights = Float64Array.from(
      { length: options.filters * width * dims },
      () => normal(random) * scale,
    );
    return { width, filters: options.filters, weights, bias: new Float64Array(options.filters) };
  });
  const bare = { dims, convolutions, stance: new Float64Array(), quality: new Float64Array() };
  const length = pooledLength(bare, surfaceLength);
  const net: Network = {
    ...bare,
    stance: new Float64Array(length + 1),
    quality: new Float64Array(length + 1),
  };
  const adamConv = convolutions.map(({ weights, bias }) => ({
    weights: new Adam(weights),
    bias: new Adam(bias),
  }));
  const [adamStance, adamQuality] = [new Adam(net.stance), new Adam(net.quality)];
  const adamVectors = new Adam(vectors);
  const pooled = new Float64Array(length);
  const back = new Float64Array(length);
  const mask = new Float64Array(length);
  const where = new Int32Array(length);
  const text = new Float64Array(WIDEST_TEXT * dims);
  const textMask = new Float64Array(WIDEST_TEXT * dims);
  const textBack = new Float64Array(WIDEST_TEXT * dims);
  const fixed = length - surfaceLength;
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    const order = shuffled(rows.length, random);
    // Falls to a tenth over the run.
    let loss = 0;
    for (let begin = 0; begin < order.length; begin += BATCH) {
      const done = (epoch + begin / order.length) / options.epochs;
      const rate = options.rate * (1 - 0.9 * done);
      const size = Math.min(BATCH, order.length - begin);
      const touched = new Set<number>();
      for (let place = begin; place < begin + size; place += 1) {
        const { ids, surface, isFor, weight, quality } = rows[order[place] as number] as NetworkRow;
        const words = ids.length;
        text.fill(0);
        for (let word = 0; word < words; word += 1) {
          const from = (ids[word] as number) * dims;
          for (let dim = 0; dim < dims; dim += 1) {
            const kept = random() < options.dropWords ? 0 : 1 / (1 - options.dropWords);
            textMask[word * dims + dim] = kept;
            text[word * dims + dim] = (vectors[from + dim] as number) * kept;
          }
        }
        pool(net, { vectors: text, words }, surface, pooled, where);
        for (let index = 0; index < length; index += 1) {
          const kept = index >= fixed ? 1 : random() < options.dropPooled ? 0 : 1 / (1 - options.dropPooled);
          mask[index] = kept;
          pooled[index] = (pooled[index] as number) * kept;
        }
        const chance = sigmoid(readOut(net.stance, pooled));
        const grade = sigmoid(readOut(net.quality, pooled));
        const stanceError = ((chance - isFor) * weight) / size;
        const qualityError = ((grade - quality) * options.qualityShare) / size;
        loss += (chance - isFor) * (chance - isFor);
        for (let index = 0; index < length; index += 1) {
          const value = pooled[index] as number;
          adamStance.slope[index]! += stanceError * value;
          adamQuality.slope[index]! += qualityError * value;
          back[index] =
            (stanceError * (net.stance[index] as number) + qualityError * (net.quality[index] as number)) *
            (mask[index] as number);
        }
        adamStance.slope[length]! += stanceError;
        adamQuality.slope[length]! += qualityError;
        const moves = options.vectorRate > 0;
        if (moves) textBack.fill(0);
        let out = 0;
        for (const [which, { width, filters, weights }] of convolutions.entries()) {
          const span = width * dims;
          const { weights: adamWeights, bias: adamBias } = adamConv[which] as { weights: Adam; bias: Adam };
          for (let filter = 0; filter < filters; filter += 1, out += 1) {
            const start = where[out] as number;
            const error = back[out] as number;
            if (start < 0 || error === 0) continue;
            adamBias.slope[filter]! += error;
            const [w, t] = [filter * span, start * dims];
            for (let index = 0; index < span; index += 1)
              adamWeights.slope[w + index]! += error * (text[t + index] as number);
            if (moves)
              for (let index = 0; index < span; index += 1)
                textBack[t + index]! += error * (weights[w + index] as number);
          }
        }
        if (moves)
          for (let word = 0; word < words; word += 1) {
            const id = ids[word] as number;
            touched.add(id);
            for (let dim = 0; dim < dims; dim += 1) {
              const error = (textBack[word * dims + dim] as number) + (back[out + dim] as number) / words;
              adamVectors.slope[id * dims + dim]! += error * (textMask[word * dims + dim] as number);
            }
          }
      }
      for (const { weights, bias } of adamConv) {
        weights.step(rate, options.decay);
        bias.step(rate, 0);
      }
      adamStance.step(rate, options.decay);
      adamQuality.step(rate, options.decay);
      for (const id of touched)
        adamVectors.step(options.vectorRate * (1 - 0.9 * done), 0, id * dims, (id + 1) * dims);
    }
    onEpoch(epoch, loss / rows.length, net);
  }
  return net;
}
