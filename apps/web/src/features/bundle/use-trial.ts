import { useQuery } from "@tanstack/react-query";
import { api, type BundleDetail, type BundleTrial } from "../../api.ts";

const TRIED_MS = 10_000;
/** While legs can still be brought, or tokens put in. */
const WAITING = new Set<BundleDetail["status"]["kind"]>([
  "unopened",
  "buffered",
  "ready",
  "running",
  "preparing",
]);

export type Failing = BundleTrial["legs"][number];

/** Legs that could be brought now, and would fail: tried on their chains again and again while the bundle waits for them. */
export function useTrial({ id, status }: Pick<BundleDetail, "id" | "status">): readonly Failing[] {
  const { data } = useQuery({
    queryKey: ["bundle", id, "trial"],
    queryFn: () => api.tryBundle({ id }),
    enabled: WAITING.has(status.kind),
    refetchInterval: TRIED_MS,
    retry: false,
  });
  return WAITING.has(status.kind) ? (data?.legs.filter(({ fails }) => fails !== null) ?? []) : [];
}
