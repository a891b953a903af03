import { type ReactNode, Suspense, useState } from "react";
import { Skeleton } from "./states.tsx";
import { useNear } from "./use-near.ts";

/** Shows what it holds once that comes near what is seen. `className` keeps its room free, so that nothing jumps. */
export function Late({ className, children }: { className: string; children: ReactNode }) {
  const [near, setNear] = useState(false);
  const place = useNear(!near, () => setNear(true));
  return (
    <div ref={place} className={className}>
      {near && <Suspense fallback={<Skeleton lines={5} />}>{children}</Suspense>}
    </div>
  );
}
