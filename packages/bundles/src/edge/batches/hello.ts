import { signerOf } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import { hashTypedData } from "viem";
import { type AttestersAt, HELLO_MS, helloTypedData, parseHello } from "../../core/index.ts";

/** Checks that a listener holds the key of a seat. Each hello counts once: whoever read one gains nothing by it. */
export class Hellos {
  readonly #at: AttestersAt;
  readonly #isSeated: (signer: Hex) => Promise<boolean>;
  readonly #last = new Map<Hex, number>();

  constructor(at: AttestersAt, isSeated: (signer: Hex) => Promise<boolean>) {
    this.#at = at;
    this.#isSeated = isSeated;
  }

  /**
   * Who says hello, when he sits; null for everybody else, who may listen as a stranger.
   * @param hosts that this server goes by
   * @param now unix milliseconds
   */
  async signerOf(header: string | undefined, hosts: readonly string[], now: number): Promise<Hex | null> {
    const hello = header === undefined ? null : parseHello(header);
    if (hello === null) return null;
    const { signer, at, signature } = hello;
    if (Math.abs(now - at) > HELLO_MS || !(await this.#isSeated(signer))) return null;
    for (const host of hosts) {
      const found = signerOf(hashTypedData(helloTypedData(this.#at, { host, at })), signature);
      if (found === null || !sameAddress(found, signer)) continue;
      // Asked only now: a wrong signature must not use up a moment.
      if (at <= (this.#last.get(signer) ?? 0)) return null;
      this.#last.set(signer, at);
      return signer;
    }
    return null;
  }
}
