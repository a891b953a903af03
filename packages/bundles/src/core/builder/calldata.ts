import { need } from "@sooth/kernel";
import {
  type AbiFunction,
  type AbiParameter,
  concat,
  encodeAbiParameters,
  type Hex,
  toFunctionSelector,
} from "viem";
import { BundlesError } from "../errors.ts";
import type { Place, Splice } from "../types.ts";
import { bytesOf, componentsOf, fits, listOf, offsetsOf, zeroOf } from "./layout.ts";
import { Result } from "./result.ts";

const SELECTOR = 4;

/**
 * The calldata of a call, with zeros where results will be put, and what is put where.
 * @throws bundles.result_in_dynamic, bundles.result_of_other_type
 */
export function calldataOf(
  leg: Place,
  method: AbiFunction,
  given: readonly unknown[],
): { data: Hex; splices: Splice[] } {
  const { inputs } = method;
  const splices: Splice[] = [];
  const offsets = offsetsOf(inputs);
  const values = inputs.map((input, index) =>
    placed({ leg, splices }, input, given[index], SELECTOR + need(offsets[index], "offset")),
  );
  return { data: concat([toFunctionSelector(method), encodeAbiParameters(inputs, values)]), splices };
}

type Filling = { leg: Place; splices: Splice[] };

/** What is encoded for `value` at byte `target`: itself, with zeros for the results in it. */
function placed(filling: Filling, parameter: AbiParameter, value: unknown, target: number): unknown {
  const { leg, splices } = filling;
  if (value instanceof Result) {
    const { from, source, length } = value;
    const [wanted, found] = [parameter.type, value.parameter.type];
    if (bytesOf(parameter) === null) throw BundlesError.result_in_dynamic({ leg, from, type: wanted });
    if (!fits(value.parameter, parameter))
      throw BundlesError.result_of_other_type({ leg, from, wanted, found });
    splices.push({ from, source, length, target });
    return zeroOf(parameter);
  }
  if (bytesOf(parameter) === null) {
    refuseResults(leg, parameter, value);
    return value;
  }
  return placedParts(filling, parameter, value, target);
}

function placedParts(filling: Filling, parameter: AbiParameter, value: unknown, target: number): unknown {
  const list = listOf(parameter);
  if (list && Array.isArray(value)) {
    const size = need(bytesOf(list.element), "size");
    return value.map((one, index) => placed(filling, list.element, one, target + index * size));
  }
  const parts = list ? [] : componentsOf(parameter);
  if (parts.length === 0 || typeof value !== "object" || value === null) return value;
  const offsets = offsetsOf(parts);
  const filled = parts.map((part, index) => {
    const its = Array.isArray(value) ? value[index] : (value as Record<string, unknown>)[part.name ?? ""];
    return placed(filling, part, its, target + need(offsets[index], "offset"));
  });
  if (Array.isArray(value)) return filled;
  return Object.fromEntries(parts.map(({ name }, index) => [name ?? "", filled[index]]));
}

function refuseResults(leg: Place, parameter: AbiParameter, value: unknown): void {
  if (value instanceof Result)
    throw BundlesError.result_in_dynamic({ leg, from: value.from, type: parameter.type });
  if (typeof value !== "object" || value === null) return;
  for (const part of Object.values(value)) refuseResults(leg, parameter, part);
}
