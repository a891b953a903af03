/** Where WebAssembly may not run: a page's content security policy allows scripts alone, and pages hash little. */
export { keccak256 } from "viem";
