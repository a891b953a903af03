import { expect, test } from "vitest";
import { sitesIn, switched } from "./sites.ts";

const source = "f(){require(a + b < K, e);x = 5 * y;}";
const number = { typeDescriptions: { typeString: "uint256" }, commonType: { typeString: "uint256" } };
/** A node of the compiler's tree, over this text. */
const node = (nodeType: string, text: string, more: object = {}) => ({
  nodeType,
  id: 0,
  src: `${source.indexOf(text)}:${text.length}:0`,
  ...more,
});
const tree = node("SourceUnit", source, {
  nodes: [
    node("FunctionDefinition", source, {
      body: node("Block", "{require(a + b < K, e);x = 5 * y;}", {
        statements: [
          node("ExpressionStatement", "require(a + b < K, e)", {
            expression: node("FunctionCall", "require(a + b < K, e)", {
              expression: node("Identifier", "require", { name: "require" }),
              arguments: [
                node("BinaryOperation", "a + b < K", {
                  ...number,
                  operator: "<",
                  leftExpression: node("BinaryOperation", "a + b", {
                    ...number,
                    operator: "+",
                    leftExpression: node("Identifier", "a + b".slice(0, 1), { name: "a" }),
                    rightExpression: node("Identifier", "b <".slice(0, 1), { name: "b" }),
                  }),
                  rightExpression: node("Identifier", "K", { name: "K", referencedDeclaration: 7 }),
                }),
              ],
            }),
          }),
          node("ExpressionStatement", "x = 5 * y", {
            expression: node("Assignment", "x = 5 * y", {
              rightHandSide: node("BinaryOperation", "5 * y", {
                ...number,
                operator: "*",
                leftExpression: node("Literal", "5", { kind: "number", value: "5" }),
                rightExpression: node("Identifier", "y", { name: "y" }),
              }),
            }),
          }),
        ],
      }),
    }),
  ],
});

test("finds conditions, operators, constants, numbers and statements", () => {
  const sites = sitesIn(tree, source, new Set([7]));
  expect(sites.map(({ from, to, instead }) => [source.slice(from, to), instead])).toEqual([
    ["a + b < K", "true"],
    ["a + b < K", "((a + b) <= (K))"],
    ["a + b", "((a) - (b))"],
    ["K", "(K + 1)"],
    ["x = 5 * y", null],
    ["5 * y", "((5) + (y))"],
    ["5", "uint256(5 + 1)"],
  ]);
});

test("every one stands behind its switch, and what is changed in it does not change inside another", () => {
  const sites = sitesIn(tree, source, new Set([7]));
  expect(switched(source, sites, 1)).toBe(
    "f(){require((Mutants.on(1) ? true : (Mutants.on(2) ? ((a + b) <= (K)) : (Mutants.on(3) ? ((a) - (b)) : a + b)" +
      " < (Mutants.on(4) ? (K + 1) : K))), e);if (!Mutants.on(5)) x = (Mutants.on(6) ? ((5) + (y)) : " +
      "(Mutants.on(7) ? uint256(5 + 1) : uint256(5)) * y);}",
  );
});
