import * as pulumi from "@pulumi/pulumi";

/**
 * Looks up what somebody else made, as soon as the query is known: a name that comes from another resource, once that exists.
 *
 * @param explain what to tell if it is not found, out of the query and AWS's own words
 * @throws during preview, if it is not found.
 */
export function lookUp<Query, Found>(
  query: pulumi.Output<Query>,
  find: (query: Query) => Promise<Found>,
  explain: (query: Query, reason: string) => string,
): pulumi.Output<Found> {
  const found = query.apply((known) =>
    find(known).catch((error: Error) => {
      throw new pulumi.RunError(explain(known, error.message));
    }),
  );
  return found as pulumi.Output<Found>;
}
