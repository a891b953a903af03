import { useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNow } from "./clock.ts";

/**
 * Asks again when the chain's clock passes one of `moments`: closing and finality are functions of time, so no event
 * tells of them. A second later, because the server answers by the block before.
 */
export function useMoments(moments: readonly (number | null)[], queryKey: QueryKey): void {
  const client = useQueryClient();
  const now = useNow();
  const passed = moments.filter((moment) => moment !== null && moment + 1 < now).length;
  useEffect(() => {
    void client.invalidateQueries({ queryKey });
    // The key is made anew at every render; what counts is that a moment has passed.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, passed]);
}
