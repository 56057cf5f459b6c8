import { z } from "zod";

/*
 * EC2 takes nearly any text as a tag, but IAM, KMS, ECR, EKS and Elastic Load Balancing do not: what one of them refuses would
 * stop a deployment half-way ("Tagging AWS resources, Tag naming limits and requirements").
 */
const characters = "[\\p{L}\\p{Z}\\p{N}_.:/=+@-]";
const words = "letters, digits, spaces or _ . : / = + - @";

/** AWS keeps names with its own prefix to itself. */
const key = z
  .string()
  .regex(
    new RegExp(`^(?!aws:)${characters}{1,128}$`, "iu"),
    `expected a name of 1 to 128 ${words} that does not begin with aws:, for example cost-center`,
  );

const value = z
  .string("expected text, for example data-science")
  .regex(new RegExp(`^${characters}{0,256}$`, "u"), `expected at most 256 ${words}, for example data-science`);

/** AWS takes 50 on one thing; names and what Kubernetes notes of its volumes come on top. */
const most = 40;

/** Tags for everything that can be tagged. */
export const tags = z
  .record(key, value)
  .refine(
    (given) => Object.keys(given).length <= most,
    `expected at most ${most} tags, because AWS takes 50 on one thing and some are added`,
  )
  .superRefine((given, context) => {
    const seen = new Map<string, string>();
    for (const name of Object.keys(given)) {
      const twin = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), name);
      if (twin === undefined) continue;
      const message = `expected one of ${twin} and ${name}, because IAM takes them for the same`;
      context.addIssue({ code: "custom", path: [name], message, input: name });
    }
  })
  .default({});
