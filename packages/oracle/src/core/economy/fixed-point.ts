/**
 * Fixed point of 18 decimals, bit for bit as solady's FixedPointMathLib computes it on chain (whose exp and ln are Remco
 * Bloemen's rational approximations, https://2π.com/22/exp-ln). Shifts round towards minus infinity and divisions
 * towards zero, in both languages.
 */

export const WAD = 10n ** 18n;

const LN_2_IN_96 = 54_916_777_467_707_473_351_141_471_128n;
/** exp of this and less is below half a unit. */
const EXP_IS_ZERO = -41_446_531_673_892_822_313n;

/** exp(x), wad, monotone and within 2e-18 for x <= 0. Only for x up to 0: nothing here grows. Mirror of expWad. */
export function expWad(wad: bigint): bigint {
  if (wad <= EXP_IS_ZERO) return 0n;
  // x' = x - k * ln 2 lies within half of ln 2, in a base of 2^96.
  const scaled = (wad << 78n) / 5n ** 18n;
  const k = ((scaled << 96n) / LN_2_IN_96 + (1n << 95n)) >> 96n;
  const x = scaled - k * LN_2_IN_96;

  const y =
    (((x + 1_346_386_616_545_796_478_920_950_773_328n) * x) >> 96n) + 57155421227552351082224309758442n;
  let p = (((y + x - 94201549194550492254356042504812n) * y) >> 96n) + 28719021644029726153956944680412240n;
  p = p * x + (4385272521454847904659076985693276n << 96n);

  let q = x - 2855989394907223263936484059900n;
  q = ((q * x) >> 96n) + 50020603652535783019961831881945n;
  q = ((q * x) >> 96n) - 533845033583426703283633433725380n;
  q = ((q * x) >> 96n) + 3604857256930695427073651918091429n;
  q = ((q * x) >> 96n) - 14423608567350463180887372962807573n;
  q = ((q * x) >> 96n) + 26449188498355588339934803723976023n;

  return ((p / q) * 3822833074963236453042738258902158003155416615667n) >> (195n - k);
}

/** ln(x), wad, monotone and within 2e-18; x must be above 0. Mirror of lnWad. */
export function lnWad(wad: bigint): bigint {
  const log2 = BigInt(wad.toString(2).length - 1);
  // x = 2^(log2 - 96) * x', with x' from 1 to 2 in a base of 2^96.
  const x = (wad << (255n - log2)) >> 159n;

  let p = ((3273285459638523848632254066296n + x) * x) >> 96n;
  p = ((24828157081833163892658089445524n + p) * x) >> 96n;
  p = (((43456485725739037958740375743393n + p) * x) >> 96n) - 11111509109440967052023855526967n;
  p = ((p * x) >> 96n) - 45023709667254063763336534515857n;
  p = ((p * x) >> 96n) - 14706773417378608786704636184526n;
  p = p * x - (795164235651350426258249787498n << 96n);

  let q = 5573035233440673466300451813936n + x;
  q = 71694874799317883764090561454958n + ((x * q) >> 96n);
  q = 283447036172924575727196451306956n + ((x * q) >> 96n);
  q = 401686690394027663651624208769553n + ((x * q) >> 96n);
  q = 204048457590392012362485061816622n + ((x * q) >> 96n);
  q = 31853899698501571402653359427138n + ((x * q) >> 96n);
  q = 909429971244387300277376558375n + ((x * q) >> 96n);

  const scaled = (p / q) * 1677202110996718588342820967067443963516166n;
  const powers =
    16597577552685614221487285958193947469193820559219878177908093499208371n * (log2 - 96n) +
    600920179829731861736702779321621459595472258049074101567377883020018308n;
  return (scaled + powers) >> 174n;
}

/** The largest whole number whose square is at most `square`. */
export function sqrt(square: bigint): bigint {
  if (square < 2n) return square;
  // Newton from above: falls until it stands.
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** The smallest whole number whose square is at least `square`. */
export function sqrtUp(square: bigint): bigint {
  const root = sqrt(square);
  return root * root < square ? root + 1n : root;
}

/** Rounds up; both must not be negative, the divisor not 0. */
export const divUp = (value: bigint, divisor: bigint): bigint => (value + divisor - 1n) / divisor;

export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);
/** `most` wins over a `least` above it. */
export const clamp = (value: bigint, least: bigint, most: bigint): bigint =>
  lesser(greater(value, least), most);
