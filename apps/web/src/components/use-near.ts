import { useEffect, useRef } from "react";

/** Calls when the end of the list comes near, so that whoever scrolls never meets a button. */
export function useNear(wanted: boolean, onNear: () => void) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!wanted || !element.current) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onNear(), {
      rootMargin: "400px",
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return element;
}
