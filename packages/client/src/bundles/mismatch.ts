/** The server speaks of another bundle than the one that was built, or of another call: nothing of it is to be signed or sent. */
export class BundleMismatch extends Error {
  override readonly name = "BundleMismatch";
  readonly code = "bundle_mismatch";

  constructor(built: string, told: string, call?: string) {
    super(
      call === undefined
        ? `the server prepared bundle ${told}, and ${built} was built`
        : `what the server calls ${call} of bundle ${built} does something else`,
    );
  }
}
