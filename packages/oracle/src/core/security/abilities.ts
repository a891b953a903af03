/** Questions of about one difficulty: who answered how many, who was marked how often, and the share of all answers that was. */
export type AbilityCell = { answered: Uint32Array; marked: Uint32Array; rate: number };

const ROUNDS = 40;
/** Spread of abilities (log-odds) and of how much difficulty matters to somebody, around 0 and 1, before the counts speak. */
const ABILITY_SPREAD = 2;
const SLOPE_SPREAD = 1;
/**
 * Nobody honest gets worse with difficulty much faster than the others do. Without the bound a clique that errs nowhere but
 * together would pass for one that finds just those questions hard.
 */
const MOST_SLOPE = 1.5;
const LEAST_SLOPE = -1;
const MOST = 1 - 1e-9;
/** A fit moves no further in one step: Newton's method overshoots where somebody is always right. */
const STEP = 0.5;

/**
 * Per cell the probability that each provider is marked: logit p = ability + slope * ease of the cell. The slope lets a
 * provider err at random, whatever the question, or only where everybody does: without it two careless ones would look like
 * accomplices on easy questions. It is monotone in difficulty, so it cannot learn that some err just where a clique of
 * their size does. Source: Birnbaum's two-parameter logistic model 1968, joint maximum a posteriori by alternate Newton steps.
 */
export function fitAbilities(cells: readonly AbilityCell[], capacity: number): Float64Array[] {
  const ability = new Float64Array(capacity);
  const slope = new Float64Array(capacity).fill(1);
  const ease = cells.map(({ rate }) => logit(rate));
  const fit = (): Float64Array[] =>
    cells.map(({ rate }, index) =>
      ability.map((own, i) =>
        rate <= 0 ? 0 : rate >= 1 ? 1 : sigmoid(own + (slope[i] ?? 1) * (ease[index] ?? 0)),
      ),
    );
  // Where nobody, or everybody, is marked there is nothing to fit.
  const open = cells.map((cell, index) => ({ ...cell, index })).filter(({ rate }) => rate > 0 && rate < 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let i = 0; i < capacity; i += 1) fitProvider(i, open, ability, slope, ease);
    for (const cell of open) ease[cell.index] = fitCell(cell, ability, slope, ease[cell.index] ?? 0);
  }
  return fit();
}

type OpenCell = AbilityCell & { index: number };

function fitProvider(
  i: number,
  cells: readonly OpenCell[],
  ability: Float64Array,
  slope: Float64Array,
  ease: readonly number[],
): void {
  const own = ability[i] ?? 0;
  const steep = slope[i] ?? 1;
  const byAbility = 1 / ABILITY_SPREAD ** 2;
  const bySlope = 1 / SLOPE_SPREAD ** 2;
  let g0 = -own * byAbility;
  let g1 = (1 - steep) * bySlope;
  let h00 = byAbility;
  let h01 = 0;
  let h11 = bySlope;
  for (const cell of cells) {
    const x = ease[cell.index] ?? 0;
    const p = sigmoid(own + steep * x);
    const answered = cell.answered[i] ?? 0;
    const gap = (cell.marked[i] ?? 0) - answered * p;
    const weight = answered * p * (1 - p);
    g0 += gap;
    g1 += gap * x;
    h00 += weight;
    h01 += weight * x;
    h11 += weight * x * x;
  }
  const det = h00 * h11 - h01 * h01;
  const wanted = steep + held((h00 * g1 - h01 * g0) / det);
  slope[i] = Math.max(LEAST_SLOPE, Math.min(MOST_SLOPE, wanted));
  if (slope[i] !== wanted) {
    // At the bound the ability is fitted alone.
    ability[i] = own + held(g0 / h00);
    return;
  }
  ability[i] = own + held((h11 * g0 - h01 * g1) / det);
}

function fitCell(cell: OpenCell, ability: Float64Array, slope: Float64Array, ease: number): number {
  let gap = 0;
  let weight = 0;
  for (let i = 0; i < ability.length; i += 1) {
    const steep = slope[i] ?? 1;
    const p = sigmoid((ability[i] ?? 0) + steep * ease);
    const answered = cell.answered[i] ?? 0;
    gap += answered * (cell.rate - p);
    weight += answered * p * (1 - p) * steep;
  }
  return weight <= 0 ? ease : ease + held(gap / weight);
}

const held = (step: number): number => Math.max(-STEP, Math.min(STEP, step));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (rate: number): number => {
  const inside = Math.min(MOST, Math.max(1 - MOST, rate));
  return Math.log(inside / (1 - inside));
};
