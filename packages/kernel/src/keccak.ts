/**
 * Keccak-256, as chains hash: the one place where it is chosen who computes it. Node has WebAssembly do it, which takes a tenth
 * of the time that it takes in JavaScript; processes that watch, attest and relay hash thousands of times a second.
 */
export { keccak256 } from "#keccak";
