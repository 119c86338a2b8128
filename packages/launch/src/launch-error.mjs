/** A failure of the launcher itself, told to the user in one block; `exitCode` is what the process ends with. */
export class LaunchError extends Error {
  /** `hollow`'s code for an environment that cannot work: a nightly job must not take a failed install for a failed SLO. */
  static EXIT_CODE = 2;

  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = LaunchError.EXIT_CODE) {
    super(message);
    this.name = "LaunchError";
    this.exitCode = exitCode;
  }
}
