import { useEffect, useRef, useState } from "react";
import { characters, tooLong } from "../format/room.ts";
import { TextField } from "./field.tsx";
import { SearchIcon } from "./icons.tsx";

const TYPING_MS = 250;
/** As the filters in the address bar and the API have it. */
const MOST_SEARCH = characters(100);

/**
 * Words to search for, told once typing pauses. `search` is what is searched for now; where it changes from elsewhere, by a link or a
 * button that clears it, the field follows.
 */
export function SearchField({
  label,
  search,
  onSearch,
}: {
  label: string;
  search: string | undefined;
  /** Must stay the same from one rendering to the next, or its pause begins anew. */
  onSearch: (search: string | undefined) => void;
}) {
  const [text, setText] = useState(search ?? "");
  const told = useRef(search);
  useEffect(() => {
    // What this field told comes back while more is being typed: only what it did not tell replaces that.
    if (search === told.current) return;
    told.current = search;
    setText(search ?? "");
  }, [search]);
  useEffect(() => {
    const next = text.trim() === "" ? undefined : text.trim();
    if (next === search || (next && tooLong(next, MOST_SEARCH) !== undefined)) return undefined;
    const timer = setTimeout(() => {
      told.current = next;
      onSearch(next);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search, onSearch]);
  return (
    <div className="relative">
      <SearchIcon className="pointer-events-none absolute top-3 left-3 z-10 text-xl text-ink-3" />
      <TextField
        quietLabel
        label={label}
        type="search"
        placeholder={label}
        className="pl-10"
        room={MOST_SEARCH}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
