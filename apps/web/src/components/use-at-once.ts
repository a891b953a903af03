import { useState } from "react";

/**
 * What a control shows: what its user just chose, until the place where that is kept says something new. It is kept a turn of the
 * page later, by an address or a query, and meanwhile the control would go back.
 */
export function useAtOnce<T>(kept: T): [T, (chosen: T) => void] {
  const [state, setState] = useState({ kept, chosen: kept });
  if (state.kept !== kept) setState({ kept, chosen: kept });
  return [state.kept === kept ? state.chosen : kept, (chosen) => setState({ kept, chosen })];
}
