import { keccak256, numberToHex } from "viem";
import { expect, test } from "vitest";
import { multiproofRoot, treeInOrder } from "./merkle.ts";

const leaves = (count: number) => Array.from({ length: count }, (_, index) => keccak256(numberToHex(index)));

test("of every choice of leaves of trees of up to seven a multiproof leads to the root, and to no other when a part of it is bent", () => {
  for (let count = 1; count <= 7; count++) {
    const all = leaves(count);
    const tree = treeInOrder(all);
    for (let chosen = 1; chosen < 1 << count; chosen++) {
      const places = [...all.keys()].filter((place) => (chosen >> place) & 1);
      const { order, proof, flags } = tree.multiproofOf(places);
      const own = order.flatMap((place) => all[place] ?? []);
      expect(multiproofRoot(own, { proof, flags })).toBe(tree.root);
      const [first = "0x", ...rest] = own;
      expect(multiproofRoot([keccak256(first), ...rest], { proof, flags })).not.toBe(tree.root);
      expect(multiproofRoot(own, { proof: [...proof, tree.root], flags })).toBeNull();
      expect(multiproofRoot(rest, { proof, flags })).toBeNull();
    }
  }
});
