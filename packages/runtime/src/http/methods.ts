import type { App } from "./options.ts";

/** Keeps which methods each route has, and tells which an address has. Call before routes are added. */
export function knowMethods(app: App): (path: string) => readonly string[] {
  const routes = new Map<string, { parts: readonly string[]; methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const route = routes.get(url) ?? { parts: url.split("/"), methods: new Set<string>() };
    for (const one of [method].flat()) route.methods.add(one.toUpperCase());
    routes.set(url, route);
  });
  return (path) => {
    const parts = path.split("/");
    const found = [...routes.values()].filter((route) => fits(route.parts, parts));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].toSorted();
  };
}

/** As the router reads addresses: `:id` is one part that is not empty, `*` all that follows. */
function fits(route: readonly string[], parts: readonly string[]): boolean {
  const rest = route.indexOf("*");
  if (rest !== -1) return parts.length > rest && fits(route.slice(0, rest), parts.slice(0, rest));
  return (
    route.length === parts.length &&
    route.every((part, at) => (part.startsWith(":") ? parts[at] !== "" : part === parts[at]))
  );
}
