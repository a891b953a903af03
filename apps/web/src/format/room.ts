import { plural } from "@lingui/core/macro";
import { formatCount } from "./signs.ts";

/** How much a text may hold: characters as JavaScript counts them, like the API, or bytes of UTF-8. */
export type Room = { most: number; unit: "characters" | "bytes" };

/** What a field says beside a text: how much is left once that is little, and what is too much. */
export type RoomWords = { left?: string; over?: string };

const encoder = new TextEncoder();

/** Whoever is far from the end is told nothing. */
const NEAR = 0.8;

/** A text is never cut here: who typed too much says himself what goes. */
export function roomWords(text: string, { most, unit }: Room): RoomWords {
  const size = unit === "bytes" ? encoder.encode(text).length : text.length;
  const [over, left, room] = [formatCount(size - most), formatCount(most - size), formatCount(most)];
  if (size > most)
    return {
      over:
        unit === "bytes"
          ? plural(size - most, {
              one: `1 byte too many: ${room} at most.`,
              other: `${over} bytes too many: ${room} at most.`,
            })
          : plural(size - most, {
              one: `1 character too many: ${room} at most.`,
              other: `${over} characters too many: ${room} at most.`,
            }),
    };
  if (size < most * NEAR) return {};
  return {
    left:
      unit === "bytes"
        ? plural(most - size, { one: "1 byte left", other: `${left} bytes left` })
        : plural(most - size, { one: "1 character left", other: `${left} characters left` }),
  };
}

/** Why a text does not fit, or undefined. */
export const tooLong = (text: string, room: Room): string | undefined => roomWords(text, room).over;

export const characters = (most: number): Room => ({ most, unit: "characters" });
