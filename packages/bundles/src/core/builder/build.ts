import { type Address, at, type Hex, need } from "@sooth/kernel";
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type AbiParameterToPrimitiveType,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeAbiParameters,
  type ExtractAbiFunctionForArgs,
  keccak256,
} from "viem";
import { givesAllowance } from "../allowances.ts";
import { checkBundle, type Window } from "../check.ts";
import { BundlesError } from "../errors.ts";
import { standingOn } from "../graph.ts";
import { bundleId, legHash, legsHashOf } from "../hashes.ts";
import { type Bundle, type Hub, type Leg, type Mode, type Place, STANDALONE } from "../types.ts";
import { calldataOf } from "./calldata.ts";
import { offsetsOf } from "./layout.ts";
import { type Demand, type Given, Result } from "./result.ts";

type Writes = "nonpayable" | "payable";
type ArgsOf<A extends Abi, N extends ContractFunctionName<A, Writes>> = ContractFunctionArgs<A, Writes, N>;
type OutputsOf<A extends Abi, N extends ContractFunctionName<A, Writes>> = ExtractAbiFunctionForArgs<
  A,
  Writes,
  N,
  ArgsOf<A, N>
>["outputs"];

/** A call of a contract. Arguments are values, or results of legs before it. */
export type Call<A extends Abi, N extends ContractFunctionName<A, Writes>> = {
  chainId: number;
  target: Address;
  abi: A;
  functionName: N;
  args: { readonly [K in keyof ArgsOf<A, N>]: Given<ArgsOf<A, N>[K]> };
  /** Units of gas; the call gets all of it, or does not happen. */
  gasLimit: number;
  /** Wei. */
  value?: bigint;
  /** From the owner's own account instead of the one that everybody's legs are called from. Allowances always are. */
  fromAccount?: boolean;
  /** Legs that must have run well before, beside those whose results it takes. */
  after?: readonly AnyHandle[];
  /** Demands on results: one that does not hold makes this leg fail without its call. */
  when?: readonly Demand[];
};
/** How to undo a leg: its arguments may be what the leg returned. It has no conditions, for it must be possible. */
export type Undo<A extends Abi, N extends ContractFunctionName<A, Writes>> = Omit<
  Call<A, N>,
  "after" | "when"
>;

export type Handle<Outputs extends readonly AbiParameter[]> = {
  readonly place: Place;
  /** The value number `index` that it will return. @throws bundles.no_such_result, bundles.dynamic_result */
  result<const I extends number>(index: I): Result<AbiParameterToPrimitiveType<Outputs[I]>>;
};
export type AnyHandle = { readonly place: Place };

export type Terms = {
  hub: Hub;
  owner: Address;
  mode: Mode;
  /** Unix seconds. */
  deadline: number;
  /** Wei of the hub, for those who relay. */
  fee: bigint;
  /** Tells two of the same apart. */
  salt: bigint;
  /** 32 random bytes: what is not shown yet cannot be guessed without them. */
  secret: Hex;
};

export type Built = { id: Hex; bundle: Bundle; legs: Leg[]; hashes: Hex[] };

type Draft = Omit<Leg, "salt">;

/** Puts a bundle together. Legs come in the order in which they are named, compensations after all of them. */
export class BundleBuilder {
  readonly #terms: Terms;
  readonly #legs: Draft[] = [];
  readonly #undos = new Map<Place, Draft>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** @throws bundles.unknown_method, bundles.result_in_dynamic, bundles.result_of_other_type */
  leg<const A extends Abi, N extends ContractFunctionName<A, Writes>>(
    call: Call<A, N>,
  ): Handle<OutputsOf<A, N>> {
    const place = this.#legs.length;
    const method = methodOf(place, call);
    this.#legs.push(draftOf(place, method, call));
    const offsets = offsetsOf(method.outputs);
    return {
      place,
      result: (index) => {
        const output = method.outputs[index];
        const count = method.outputs.length;
        if (output === undefined) throw BundlesError.no_such_result({ leg: place, index, count });
        return new Result(place, need(offsets[index as number], "offset"), output);
      },
    };
  }

  /** Sends value to an address, with code or without. */
  value(leg: { chainId: number; to: Address; value: bigint; gasLimit: number } & After): AnyHandle {
    return this.#add({
      ...blank,
      chainId: leg.chainId,
      kind: "value",
      target: leg.to,
      value: leg.value,
      gasLimit: leg.gasLimit,
      needsOk: placesOf(leg.after, leg.when),
      conditions: leg.when ?? [],
    });
  }

  /** Tokens that are held until the hub decides: then `to` is paid, or `from` has them back. */
  escrow(leg: { chainId: number; token: Address; amount: bigint; from: Address; to: Address }): AnyHandle {
    const data = encodeAbiParameters([{ type: "address" }, { type: "address" }], [leg.from, leg.to]);
    return this.#add({
      ...blank,
      chainId: leg.chainId,
      kind: "escrow",
      target: leg.token,
      value: leg.amount,
      data,
    });
  }

  /** A contract that prepares and finishes by itself; `data` are its own. */
  participant(leg: { chainId: number; target: Address; data: Hex; gasLimit: number }): AnyHandle {
    return this.#add({ ...blank, ...leg, kind: "participant" });
  }

  /** What is run when `leg` ran well and the bundle is aborted. @throws bundles.undone_twice */
  undo<const A extends Abi, N extends ContractFunctionName<A, Writes>>(
    leg: AnyHandle,
    call: Undo<A, N>,
  ): void {
    if (this.#undos.has(leg.place)) throw BundlesError.undone_twice({ leg: leg.place });
    const place = this.#legs.length + this.#undos.size;
    this.#undos.set(leg.place, { ...draftOf(place, methodOf(place, call), call), undoes: leg.place });
  }

  /** What the owner signs, checked. `now` is unix seconds. @throws those of {checkBundle} */
  build(now: number, window?: Window): Built {
    const { hub, secret, ...header } = this.#terms;
    const legs = [...this.#legs, ...this.#undoing()].map((leg, place) => ({
      ...leg,
      salt: saltOf(secret, place),
    }));
    const hashes = legs.map(legHash);
    const bundle = { ...header, legs: legs.length, legsHash: legsHashOf(hashes) };
    checkBundle(bundle, legs, { now, window });
    return { id: bundleId(hub, bundle), bundle, legs, hashes };
  }

  #add(leg: Draft): AnyHandle {
    return { place: this.#legs.push(leg) - 1 };
  }

  /**
   * Compensations, the last leg's first. Each waits until it is known what became of those of the legs that stand on its own,
   * and of such a leg itself when nothing undoes it: nothing is pulled from under a leg that may still run. Legs that do not
   * depend on each other do not wait for each other's.
   */
  #undoing(): Draft[] {
    const undone = [...this.#undos.keys()].toSorted((a, b) => b - a);
    const placeOfUndo = new Map(undone.map((place, index) => [place, this.#legs.length + index]));
    const asLegs = this.#legs.map((leg) => ({ ...leg, salt: this.#terms.secret }));
    return undone.map((place) => {
      const needsSettled = standingOn(asLegs, place).map((one) => placeOfUndo.get(one) ?? one);
      return { ...need(this.#undos.get(place), "compensation"), needsSettled: ascendingOf(needsSettled) };
    });
  }
}

/** `bundle({...}).leg({...})`: see {BundleBuilder}. */
export const bundle = (terms: Terms): BundleBuilder => new BundleBuilder(terms);

type After = { after?: readonly AnyHandle[]; when?: readonly Demand[] };

const blank = {
  value: 0n,
  gasLimit: 0,
  data: "0x",
  ...STANDALONE,
} as const satisfies Partial<Draft>;

const ascendingOf = (places: readonly Place[]): Place[] => [...new Set(places)].toSorted((a, b) => a - b);

const placesOf = (after: readonly AnyHandle[] = [], inputs: readonly { from: Place }[] = []): Place[] =>
  ascendingOf([...after.map(({ place }) => place), ...inputs.map(({ from }) => from)]);

const saltOf = (secret: Hex, place: Place): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint8" }], [secret, place]));

type AnyCall = {
  chainId: number;
  target: Address;
  abi: Abi;
  functionName: string;
  args: unknown;
  gasLimit: number;
  value?: bigint;
  fromAccount?: boolean;
} & After;

function methodOf(leg: Place, { abi, functionName, args }: AnyCall): AbiFunction {
  const found = abi.filter(
    (item) =>
      item.type === "function" &&
      item.name === functionName &&
      item.inputs.length === (args as unknown[]).length,
  );
  if (found.length !== 1)
    throw BundlesError.unknown_method({ leg, method: functionName, found: found.length });
  return at(found, 0) as AbiFunction;
}

function draftOf(place: Place, method: AbiFunction, call: AnyCall): Draft {
  const { data, splices } = calldataOf(place, method, call.args as readonly unknown[]);
  return {
    ...blank,
    chainId: call.chainId,
    kind: call.fromAccount || givesAllowance(data) ? "account" : "shared",
    target: call.target,
    value: call.value ?? 0n,
    gasLimit: call.gasLimit,
    data,
    needsOk: placesOf(call.after, [...splices, ...(call.when ?? [])]),
    splices,
    conditions: call.when ?? [],
  };
}
