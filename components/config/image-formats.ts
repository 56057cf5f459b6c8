import { z } from "zod";
import { isFilledIn } from "./formats";

/*
 * How images are written ("Distribution, reference grammar"): REGISTRY/PATH, a tag, a digest.
 */

const registry = /(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?/;
const part = /[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/;
const path = new RegExp(`^(?=.{1,255}$)(?:${registry.source}/)?${part.source}(?:/${part.source})*$`);

const unfilled = (example: string) => `that is empty or a placeholder; put the real value, for example ${example}`;

/** An image without tag and digest. */
export const imageName = z
  .string("expected an image without its tag, for example quay.io/jupyter/scipy-notebook")
  .refine((name) => path.test(name) && isFilledIn(name), {
    error: (issue) =>
      !isFilledIn(String(issue.input))
        ? unfilled("quay.io/jupyter/scipy-notebook")
        : /[:@][^/]*$/.test(String(issue.input))
          ? "tag and digest are settings of their own; expected the name alone, for example quay.io/jupyter/scipy-notebook"
          : "expected an image in lower case without scheme, for example quay.io/jupyter/scipy-notebook",
  });

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
  .regex(/^sha256:[0-9a-f]{64}$/, "expected a digest, sha256 and 64 hexadecimal digits, as `docker push` prints it");

/** A registry's host, with its port if it has one of its own. */
export const registryHost = z
  .string()
  .refine((host) => new RegExp(`^${registry.source}$`).test(host) && host.includes("."), {
    error: "expected the host of a registry without scheme and path, for example registry.acme.science",
  });
