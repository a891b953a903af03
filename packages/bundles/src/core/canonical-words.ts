import type { Address, Hex } from "@sooth/kernel";

/** Bytes that are not what encoding writes. */
export class NotCanonical extends Error {
  override name = "NotCanonical";
}

const WORD = 64;
const ZEROS = "0".repeat(WORD);
/** What stands before a number of 48 bits, and before an address. */
const BEFORE_NUMBER = "0".repeat(WORD - 12);
const BEFORE_ADDRESS = "0".repeat(WORD - 40);

/**
 * Reads what `abi.encode` wrote, word by word from the first to the last, and takes nothing else: tails that do not stand where
 * they would be written, words beyond their type and padding other than zeros are refused. So what is read is all that the bytes
 * say, and encodes to them again. viem's decoder, which reads the types anew for every value, takes some five times as long.
 */
export class CanonicalWords {
  readonly #digits: string;
  #next = 0;

  /** @throws NotCanonical, as all that reads here */
  constructor(bytes: Hex) {
    if (bytes.length % WORD !== 2 || !/^0x[0-9a-f]*$/i.test(bytes)) throw new NotCanonical("no words");
    this.#digits = bytes.slice(2).toLowerCase();
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#next / 2;
  }

  word(): string {
    const word = this.#digits.slice(this.#next, this.#next + WORD);
    if (word.length < WORD) throw new NotCanonical("no more words");
    this.#next += WORD;
    return word;
  }

  /** @param bits 48 at most */
  number(bits: number): number {
    const word = this.word();
    const number = Number.parseInt(word.slice(-12), 16);
    if (!word.startsWith(BEFORE_NUMBER) || number >= 2 ** bits) throw new NotCanonical("a larger number");
    return number;
  }

  big(bits: number): bigint {
    const number = BigInt(`0x${this.word()}`);
    if (bits < 256 && number >> BigInt(bits) !== 0n) throw new NotCanonical("a larger number");
    return number;
  }

  address(): Address {
    const word = this.word();
    if (!word.startsWith(BEFORE_ADDRESS)) throw new NotCanonical("no address");
    return `0x${word.slice(-40)}`;
  }

  bytes32(): Hex {
    return `0x${this.word()}`;
  }

  /** Bytes of any length, which stand here. */
  bytes(): Hex {
    const digits = 2 * this.number(32);
    const padding = (WORD - (digits % WORD)) % WORD;
    const found = this.#digits.slice(this.#next, this.#next + digits);
    this.#next += digits;
    const after = this.#digits.slice(this.#next, this.#next + padding);
    this.#next += padding;
    if (found.length < digits || after !== ZEROS.slice(0, padding)) throw new NotCanonical("other padding");
    return `0x${found}`;
  }

  /** Values without tails, which stand here with their count. */
  list<T>(read: () => T): T[] {
    const values: T[] = [];
    for (let left = this.number(32); left > 0; left--) values.push(read());
    return values;
  }

  /** Values with tails of their own, which stand here with their count. */
  tails<T>(read: () => T): T[] {
    const count = this.number(32);
    const start = this.at;
    const offsets: number[] = [];
    while (offsets.length < count) offsets.push(this.number(32));
    return offsets.map((offset) => {
      this.expectAt(start + offset);
      return read();
    });
  }

  /** What is said to begin there begins here. */
  expectAt(place: number): void {
    if (place !== this.at) throw new NotCanonical("a tail in another place");
  }

  end(): void {
    if (this.#next !== this.#digits.length) throw new NotCanonical("more than there should be");
  }
}
