type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * What was kept of a form, as far as today's form has room for it: a field that the form no longer has is dropped, one that it
 * did not have then, or of which something else was kept, is as in a `fresh` form. `pattern` is `fresh`, with one element in
 * each list: it says what the list's others look like.
 */
export function fitted<T>(kept: unknown, fresh: T, pattern: unknown = fresh): T {
  return fit(kept, fresh, pattern) as T;
}

function fit(kept: unknown, fresh: unknown, pattern: unknown): unknown {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(kept)) return fresh;
    const [element] = pattern as unknown[];
    return kept.filter((one) => sameSort(one, element)).map((one: unknown) => fit(one, element, element));
  }
  if (isRow(pattern)) {
    const from = isRow(kept) ? kept : {};
    const otherwise = isRow(fresh) ? fresh : pattern;
    return Object.fromEntries(
      Object.entries(pattern).map(([name, shape]) => [name, fit(from[name], otherwise[name], shape)]),
    );
  }
  return sameSort(kept, pattern) ? kept : fresh;
}

const sameSort = (one: unknown, other: unknown): boolean =>
  isRow(other) ? isRow(one) : typeof one === typeof other && Array.isArray(one) === Array.isArray(other);
