import type { QuestionSchema } from "../wire.ts";
import { clamp, type QuestionKind } from "./question-kind.ts";

/** Many questions under one root: the most that are answered at once, and whose answers a server keeps. */
export const MAX_ITEMS = 4_096;

export const itemCount = ({ items }: Pick<QuestionSchema, "items">): number =>
  items?.names?.length ?? items?.count ?? 0;

export const itemName = ({ items }: Pick<QuestionSchema, "items">, index: number): string =>
  items?.names?.[index] ?? String(index);

/** Every item is a question of another kind; `itemKinds` are those that it may be of. */
export const vectorOf = (itemKinds: Readonly<Record<string, QuestionKind>>): QuestionKind => {
  const kindOfItem = ({ items }: QuestionSchema): QuestionKind | undefined =>
    items && Object.hasOwn(itemKinds, items.kind) ? itemKinds[items.kind] : undefined;
  return {
    name: "vector",
    title: "Many at once",
    hint: "The same question about each of a list",
    aggregation: "root",
    complaint: (schema) => {
      const { items } = schema;
      const kind = kindOfItem(schema);
      if (!items) return "a vector names its items";
      if (!kind) return `the items of a vector are ${Object.keys(itemKinds).join(", ")}, not ${items.kind}`;
      if ((items.count === undefined) === (items.names === undefined))
        return "a vector has a count of items or their names";
      if (items.names && new Set(items.names).size !== items.names.length)
        return "two items have the same name";
      return kind.complaint(asItem(schema));
    },
    bounds: (schema) => kindOfItem(schema)?.bounds(asItem(schema)) ?? { min: 0n, max: 0n },
    boundsOf: (asked, schema) => {
      const kind = kindOfItem(schema);
      const item = asItem(schema);
      return kind?.boundsOf?.(asked, item) ?? kind?.bounds(item) ?? { min: 0n, max: 0n };
    },
    // What is observed is an item's: no single number is the answer.
    counted: () => false,
    refusal: () => "is one number for many answers",
    valueOf: () => null,
    hold: clamp,
    label: (_, schema) =>
      itemCount(schema) === 1 ? "1 answer under a root" : `${itemCount(schema)} answers under one root`,
  };
};

const asItem = (schema: QuestionSchema): QuestionSchema => ({
  ...schema,
  kind: (schema.items?.kind ?? "numeric") as QuestionSchema["kind"],
  items: undefined,
});
