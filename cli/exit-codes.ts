/** Nothing mandatory is violated. */
export const satisfied = 0;
/** A mandatory control is violated. */
export const violated = 1;
/** Something could not be read, or the command was used wrongly. */
export const unusable = 2;

/** What the command line asks for cannot be done; told in one line, with exit code {@link unusable}. */
export class UsageError extends Error {}
