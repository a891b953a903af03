import { createContext } from "react";
import type { AbiFunction } from "viem";

/** Functions as the owner wrote them, while he looks at what he is about to sign. */
export const TypedCalls = createContext<readonly AbiFunction[]>([]);
