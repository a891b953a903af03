/** The server speaks of another bundle than the one that was built: nothing of it is to be signed or sent. */
export class BundleMismatch extends Error {
  override readonly name = "BundleMismatch";
  readonly code = "bundle_mismatch";

  constructor(built: string, told: string) {
    super(`the server prepared bundle ${told}, and ${built} was built`);
  }
}
