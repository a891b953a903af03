/** Where a contract may be changed by one step, found in the compiler's own tree: so no change is one that does not compile. */

type Node = { nodeType: string; src: string; id: number } & Record<string, unknown>;

/** A place in a file and what could stand there. Offsets count bytes. */
export type Site = {
  from: number;
  to: number;
  /** What stands there once the mutant is on; null: nothing, the statement is left out. */
  instead: string | null;
  /** What stands there otherwise, where it has to be said with its type. */
  else?: string;
};

const OPERATORS: Record<string, string> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
  "&&": "||",
  "||": "&&",
  "+": "-",
  "-": "+",
  "*": "+",
  "/": "*",
  "%": "/",
  "|": "&",
  "&": "|",
  "<<": ">>",
  ">>": "<<",
};

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "nodeType" in value;

function rangeOf({ src }: Node): { from: number; to: number } {
  const [from = 0, length = 0] = src.split(":").map(Number);
  return { from, to: from + length };
}

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

const typeOf = (node: Node): string =>
  (node["typeDescriptions"] as { typeString?: string } | undefined)?.typeString ?? "";
/** Of numbers that are written down, the compiler reckons itself, exactly. */
const isWrittenDown = (type: string): boolean => /^(int_const|rational_const)/.test(type);

/** Ids of whole numbers that are named and never change. */
export const constantsIn = (tree: Node): number[] =>
  [
    tree,
    ...childrenOf(tree).flatMap(function under(node): Node[] {
      return [node, ...childrenOf(node).flatMap(under)];
    }),
  ]
    .filter((node) => node.nodeType === "VariableDeclaration" && node["constant"] === true)
    .filter((node) => typeOf(node) === "uint256")
    .map(({ id }) => id);

/** All sites of a file, in its order. `source`: a character a byte. */
export function sitesIn(tree: Node, source: string, constants: ReadonlySet<number>): Site[] {
  const sites: Site[] = [];
  const textOf = (node: Node) => source.slice(rangeOf(node).from, rangeOf(node).to);

  function visit(node: Node, parent: Node): void {
    // The length of an array is part of its type.
    if (node.nodeType === "ArrayTypeName" || node.nodeType === "InlineAssembly") return;
    const range = rangeOf(node);
    const add = (instead: string | null, otherwise?: string) =>
      void sites.push({ ...range, instead, ...(otherwise !== undefined && { else: otherwise }) });
    switch (node.nodeType) {
      case "ExpressionStatement":
        if (isBlock(parent) && !isRequire(node["expression"] as Node)) add(null);
        break;
      case "FunctionCall":
        if (isRequire(node)) {
          const [condition] = node["arguments"] as Node[];
          if (condition) sites.push({ ...rangeOf(condition), instead: "true" });
        }
        break;
      case "BinaryOperation": {
        const [left, right] = [node["leftExpression"] as Node, node["rightExpression"] as Node];
        const other = OPERATORS[node["operator"] as string];
        if (other && !isWrittenDown(typeOf(node))) add(`((${textOf(left)}) ${other} (${textOf(right)}))`);
        break;
      }
      case "Identifier":
        if (constants.has(node["referencedDeclaration"] as number)) add(`(${textOf(node)} + 1)`);
        break;
      case "Literal":
        if (isOperandOfNumbers(parent) && node["kind"] === "number" && !isWrittenDown(typeOf(parent)))
          add(`uint256(${textOf(node)} + 1)`, `uint256(${textOf(node)})`);
        break;
      default:
    }
    for (const child of childrenOf(node)) visit(child, node);
  }

  function bodies(node: Node): void {
    if (node.nodeType === "FunctionDefinition" && isNode(node["body"])) visit(node["body"], node);
    else for (const child of childrenOf(node)) bodies(child);
  }
  bodies(tree);
  return sites;
}

const isBlock = ({ nodeType }: Node): boolean => nodeType === "Block" || nodeType === "UncheckedBlock";
const isRequire = (node: Node): boolean =>
  node.nodeType === "FunctionCall" && (node["expression"] as Node)["name"] === "require";
const isOperandOfNumbers = (parent: Node): boolean =>
  parent.nodeType === "BinaryOperation" &&
  (parent["commonType"] as { typeString?: string } | undefined)?.typeString === "uint256";

/** A file in which every site is there twice, and which of both counts is asked as the contract runs. `firstId` is the first site's. */
export function switched(source: string, sites: readonly Site[], firstId: number): string {
  const numbered = sites
    .map((site, index) => ({ ...site, id: firstId + index }))
    // What holds another comes first; of the same place, who was found first.
    .toSorted((a, b) => a.from - b.from || b.to - a.to || a.id - b.id);
  let next = 0;
  function upTo(from: number, to: number): string {
    let [text, done] = ["", from];
    for (let site = numbered[next]; site && site.from < to; site = numbered[next]) {
      next += 1;
      const inside = upTo(site.from, site.to);
      const on = `Mutants.on(${site.id})`;
      text += source.slice(done, site.from);
      text +=
        site.instead === null
          ? `if (!${on}) ${inside}`
          : `(${on} ? ${site.instead} : ${site.else ?? inside})`;
      done = site.to;
    }
    return text + source.slice(done, to);
  }
  return upTo(0, source.length);
}
