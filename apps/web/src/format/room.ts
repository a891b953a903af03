/** How much a text may hold: characters as JavaScript counts them, like the API, or bytes of UTF-8. */
export type Room = { most: number; unit: "characters" | "bytes" };

/** What a field says beside a text: how much is left once that is little, and what is too much. */
export type RoomWords = { left?: string; over?: string };

const encoder = new TextEncoder();
const count = (value: number): string => value.toLocaleString("en-GB");

/** Whoever is far from the end is told nothing. */
const NEAR = 0.8;

/** A text is never cut here: who typed too much says himself what goes. */
export function roomWords(text: string, { most, unit }: Room): RoomWords {
  const size = unit === "bytes" ? encoder.encode(text).length : text.length;
  const one = (value: number) => (value === 1 ? unit.slice(0, -1) : unit);
  if (size > most)
    return { over: `${count(size - most)} ${one(size - most)} too many: ${count(most)} at most.` };
  return size >= most * NEAR ? { left: `${count(most - size)} ${one(most - size)} left` } : {};
}

/** Why a text does not fit, or undefined. */
export const tooLong = (text: string, room: Room): string | undefined => roomWords(text, room).over;

export const characters = (most: number): Room => ({ most, unit: "characters" });
