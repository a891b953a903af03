import { gauge, HttpError } from "@sooth/runtime";

const listening = gauge(
  "bundles_attesters_listening",
  "Open streams of proposals, by whether a seat was proved",
  ["seat"],
);

/** How many listen: whoever proved a seat has places that nobody else can take. */
const MOST_STRANGERS = 64;
const MOST_OF_ADDRESS = 4;
/** The new connection of somebody whose old one hangs, and one more. */
const MOST_OF_SEAT = 2;

type Place = { end: () => void };

/** Places at the stream of proposals. */
export class StreamPlaces {
  readonly #strangers = new Map<string, Set<Place>>();
  readonly #seated = new Map<string, Set<Place>>();

  /**
   * @param signer who proved to sit, or null
   * @param end ends the stream, when a newer one of the same seat takes its place or the server stops
   * @returns to be called once, when it has ended
   * @throws http.too_many_streams, http.too_many_own_streams
   */
  sit(o: { address: string; signer: string | null; end: () => void }): () => void {
    const { address, signer, end } = o;
    const places = signer === null ? this.#strangers : this.#seated;
    const own = places.get(signer ?? address) ?? new Set<Place>();
    if (signer === null) {
      if (own.size >= MOST_OF_ADDRESS)
        throw HttpError.too_many_own_streams({ most: MOST_OF_ADDRESS, retryAfterSeconds: 5 });
      if (countOf(places) >= MOST_STRANGERS) throw HttpError.too_many_streams({ retryAfterSeconds: 5 });
    } else {
      const [oldest] = own;
      if (own.size >= MOST_OF_SEAT && oldest) {
        own.delete(oldest);
        oldest.end();
      }
    }
    const place: Place = { end };
    own.add(place);
    places.set(signer ?? address, own);
    this.#tell();
    return () => {
      own.delete(place);
      if (own.size === 0 && places.get(signer ?? address) === own) places.delete(signer ?? address);
      this.#tell();
    };
  }

  endAll(): void {
    for (const places of [this.#strangers, this.#seated])
      for (const own of places.values()) for (const { end } of own) end();
  }

  #tell(): void {
    listening.set({ seat: "proved" }, countOf(this.#seated));
    listening.set({ seat: "none" }, countOf(this.#strangers));
  }
}

const countOf = (places: ReadonlyMap<string, ReadonlySet<Place>>): number =>
  [...places.values()].reduce((sum, { size }) => sum + size, 0);
