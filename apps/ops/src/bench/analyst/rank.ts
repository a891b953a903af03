/** Places of the values in ascending order, from 0; equal values share the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).toSorted((a, b) => a.value - b.value);
  const places = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to)) places[index] = (from + to - 1) / 2;
    from = to;
  }
  return places;
}

/** Spearman's rank correlation, -1 to 1: Pearson's of the ranks. 0 where one side has no differences. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [ranks(a), ranks(b)];
  const middle = (left.length - 1) / 2;
  let [both, ofLeft, ofRight] = [0, 0, 0];
  for (const [index, rank] of left.entries()) {
    const [x, y] = [rank - middle, (right[index] ?? middle) - middle];
    both += x * y;
    ofLeft += x * x;
    ofRight += y * y;
  }
  return ofLeft === 0 || ofRight === 0 ? 0 : both / Math.sqrt(ofLeft * ofRight);
}
