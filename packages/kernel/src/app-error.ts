/** One row of a slice's error table. `status` is HTTP; `retry` says that the same call may succeed later. */
export type ErrorRow<D> = { status: number; retry?: boolean; text: (data: D) => string };

/** An error that a user may see: a stable code, a sentence, the values it speaks of. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retry: boolean;
  readonly data: unknown;
  constructor(code: string, row: ErrorRow<never>, data: unknown, options?: ErrorOptions) {
    super((row.text as (d: unknown) => string)(data), options);
    this.name = "AppError";
    this.code = code;
    this.status = row.status;
    this.retry = row.retry ?? false;
    this.data = data;
  }
}

/** Deeper than any library wraps. */
const MOST_WRAPS = 20;

/** The AppError that was thrown, or that caused what was: viem wraps whatever its transport throws. Null where there is none. */
export function appErrorIn(thrown: unknown): AppError | null {
  let each = thrown;
  for (let depth = 0; depth < MOST_WRAPS && each instanceof Error; depth++, each = each.cause)
    if (each instanceof AppError) return each;
  return null;
}

// `never` in the parameter position lets rows of every data type into one table.
type Rows = Record<string, ErrorRow<never>>;
type DataOf<R> = R extends { text: (data: infer D) => string } ? D : never;
export type ErrorTable<R extends Rows> = {
  [K in keyof R]: (data: DataOf<R[K]>, options?: ErrorOptions) => AppError;
} & { readonly slice: string; readonly rows: R };

/** Tables that this process has loaded, in order of loading: docs/errors.md is written from it. */
export const errorTables: { slice: string; rows: Rows }[] = [];

/**
 * A slice's errors as functions: `OracleError.round_closed({...})` returns an AppError with code `oracle.round_closed`.
 * The same code pairs with the Solidity error `Oracle_RoundClosed`.
 */
export function defineErrors<const R extends Rows>(slice: string, rows: R): ErrorTable<R> {
  const makers = Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [
      name,
      (data: unknown, options?: ErrorOptions) => new AppError(`${slice}.${name}`, row, data, options),
    ]),
  );
  errorTables.push({ slice, rows });
  return Object.assign(makers, { slice, rows }) as unknown as ErrorTable<R>;
}

/** The text of a row whose values nobody has words for: the sentence and after it each value by its name, if there are any. */
export const sayingValues =
  (sentence: string) =>
  (values: Readonly<Record<string, unknown>>): string => {
    const said = Object.entries(values).map(([name, value]) => `${name} ${String(value)}`);
    return said.length === 0 ? sentence : `${sentence}: ${said.join(", ")}`;
  };
