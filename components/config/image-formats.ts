import { z } from "zod";
import { isFilledIn } from "./formats";

/*
 * How images are written ("Distribution, reference grammar"): REGISTRY/PATH, a tag, a digest.
 */

const registry = /(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?/;
const part = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/;
const name = `${part.source}(?:/${part.source})*`;
const image = new RegExp(`^(?=.{1,255}$)(?:${registry.source}/)?${name}$`);
const repository = new RegExp(`^(?=.{1,255}$)(?=[^/]*[.:])${registry.source}/${name}$`);

const unfilled = (example: string) => `that is empty or a placeholder; put the real value, for example ${example}`;

const withoutTag = (pattern: RegExp, example: string) =>
  z
    .string(`expected an image without its tag, for example ${example}`)
    .refine((text) => pattern.test(text) && isFilledIn(text), {
      error: (issue) =>
        !isFilledIn(String(issue.input))
          ? unfilled(example)
          : /[:@][^/]*$/.test(String(issue.input))
            ? `tag and digest are settings of their own; expected the name alone, for example ${example}`
            : `expected an image in lower case without scheme, for example ${example}`,
    });

/** An image without tag and digest. */
export const imageName = withoutTag(image, "quay.io/jupyter/scipy-notebook");

/** The same with its registry. */
export const repositoryUrl = withoutTag(repository, "123456789012.dkr.ecr.eu-central-1.amazonaws.com/hub");

export const imageTag = z
  .string("expected a tag in quotes, for example 2026-11-02")
  .refine((tag) => /^\w[\w.-]{0,127}$/.test(tag) && isFilledIn(tag) && tag.toLowerCase() !== "latest", {
    error: ({ input }) =>
      !isFilledIn(String(input))
        ? unfilled("2026-11-02")
        : String(input).toLowerCase() === "latest"
          ? "that is another image tomorrow; expected a tag that stays, for example 2026-11-02"
          : "expected a tag, for example 2026-11-02",
  });

export const imageDigest = z
  .string()
  .regex(
    /^sha256:[0-9a-f]{64}$/,
    `expected a digest, as \`docker push\` prints it, for example sha256:${"9f86d081884c7d65".repeat(4)}`,
  );

/** A registry's host, with its port if it has one of its own. */
export const registryHost = z
  .string("expected the host of a registry, for example registry.acme.science")
  .refine((host) => new RegExp(`^${registry.source}$`).test(host) && host.includes("."), {
    error: "expected the host of a registry without scheme and path, for example registry.acme.science",
  });
