/**
 * Does `work` and says so on standard error, with the time that passes.
 *
 * @param usually how long it takes as a rule, for people: `a minute`
 */
export function longStep<Result>(what: string, usually: string, work: () => Promise<Result>): Promise<Result>;
