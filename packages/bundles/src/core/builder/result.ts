import type { AbiParameter } from "viem";
import { BundlesError } from "../errors.ts";
import { type Comparison, MOST_RESULT, type Place } from "../types.ts";
import { bytesOf } from "./layout.ts";

/** A demand on a result: the leg that carries it fails, without its call, when it does not hold. */
export type Demand = { from: Place; source: number; comparison: Comparison; value: bigint };

/**
 * A value that a leg will have returned, to be put where a value of the same type is wanted. Only words that stand in a place
 * of their own can be: what is static, within the first 1,024 bytes.
 */
export class Result<T> {
  /** Only for the compiler: what type of value stands for it. */
  declare readonly value: T;
  readonly from: Place;
  readonly source: number;
  readonly length: number;
  readonly parameter: AbiParameter;

  /** @throws bundles.dynamic_result, bundles.input_out_of_bounds */
  constructor(from: Place, source: number, parameter: AbiParameter) {
    const length = bytesOf(parameter);
    const what = `result ${parameter.name ?? ""} of leg ${from}`.replace("  ", " ");
    if (length === null) throw BundlesError.dynamic_result({ what, type: parameter.type });
    if (source + length > MOST_RESULT)
      throw BundlesError.input_out_of_bounds({
        leg: from,
        what: "what it returns",
        end: source + length,
        most: MOST_RESULT,
      });
    this.from = from;
    this.source = source;
    this.length = length;
    this.parameter = parameter;
  }

  equals(value: T): Demand {
    return this.#demand("equal", value);
  }
  /** Only of unsigned numbers. @throws bundles.bad_demand */
  atLeast(value: T & bigint): Demand {
    return this.#demand("at_least", value);
  }
  /** Only of unsigned numbers. @throws bundles.bad_demand */
  atMost(value: T & bigint): Demand {
    return this.#demand("at_most", value);
  }

  #demand(comparison: Comparison, value: unknown): Demand {
    const { type } = this.parameter;
    const isUnsigned = /^uint\d*$/.test(type);
    const isOneWord = isUnsigned || type === "bool" || type === "address" || type === "bytes32";
    if (!isOneWord || (comparison !== "equal" && !isUnsigned))
      throw BundlesError.bad_demand({ comparison, type });
    return {
      from: this.from,
      source: this.source,
      comparison,
      value: BigInt(value as bigint | boolean | string),
    };
  }
}

/** A value, or a result that will stand for it; inside structs too. */
export type Given<T> = T | Result<T> | (T extends object ? { readonly [K in keyof T]: Given<T[K]> } : never);
